import { selectVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import { selectRunPeople } from "./store.ts";

/** Whether a version was made by this person, or by a run that they started. */
export async function isOwnWork(
  ctx: TenantContext,
  { versionId, userId }: { versionId: string; userId: string },
): Promise<boolean> {
  const version = await selectVersion(ctx, { id: versionId });
  if (version === undefined) return false;
  const people = version.training_run_id === null ? [] : await selectRunPeople(ctx, version.training_run_id);
  return version.created_by === userId || people.includes(userId);
}
