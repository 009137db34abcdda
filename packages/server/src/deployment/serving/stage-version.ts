import { findActiveSplit, lockServing, readServingPointer } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import { moveServingPointer } from "./move-pointer.ts";

/**
 * Puts a version on staging, where trained artefacts go first. Nothing happens when it is there already, or when a rollout holds
 * staging: its baseline must not move.
 */
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
  if ((await findActiveSplit(ctx, input.agentId, "staging")) !== undefined) return;
  await moveServingPointer({ ctx, input: { ...input, environment: "staging" } });
}
