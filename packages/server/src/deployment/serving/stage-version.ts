import { lockServing, readServingPointer } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import { moveServingPointer } from "./move-pointer.ts";

/** Puts a version on staging, where trained artefacts go first. Already there: nothing happens. */
export async function stageVersion({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agentId: string; versionId: string; reason: string };
}): Promise<void> {
  await lockServing(ctx, input.agentId);
  const pointer = await readServingPointer(ctx, input.agentId, "staging");
  if (pointer?.version_id === input.versionId) return;
  await moveServingPointer({ ctx, input: { ...input, environment: "staging" } });
}
