import { selectVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import { decisionOfRun, requireRun } from "../../learning/index.ts";
import { selectRunPeople } from "./store.ts";

/** Whether a version was made by this person, by a run that they started, or from what they showed. */
export async function isOwnWork(
  ctx: TenantContext,
  { versionId, userId }: { versionId: string; userId: string },
): Promise<boolean> {
  const version = await selectVersion(ctx, { id: versionId });
  if (version === undefined) return false;
  const people = version.training_run_id === null ? [] : await selectRunPeople(ctx, version.training_run_id);
  if (version.created_by === userId || people.includes(userId)) return true;
  if (version.origin !== "behavior_learning" || version.training_run_id === null) return false;
  // Whose evidence is in it has a part in it too.
  const run = await requireRun(ctx, version.training_run_id);
  return !(await decisionOfRun(ctx, run, userId)).may;
}
