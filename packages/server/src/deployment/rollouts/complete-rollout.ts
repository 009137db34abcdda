import type { Environment } from "@agent-learning/contract";
import { lockServing } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import { moveServingPointer } from "../serving/index.ts";
import { NOW, type RolloutChange, type RolloutRow } from "./store.ts";
import { transition } from "./transition.ts";

/** The candidate becomes what the environment serves; what served before stays at hand for a revert. */
export async function completeRollout(
  ctx: TenantContext,
  row: RolloutRow,
  {
    reason,
    evidence,
    look = {},
  }: { reason: string; evidence: Record<string, unknown>; look?: RolloutChange },
): Promise<RolloutRow> {
  await lockServing(ctx, row.agent_id);
  const completed = await transition(ctx, row, {
    event: "completed",
    change: {
      ...look,
      status: "completed",
      stage: (row.stages as unknown[]).length - 1,
      share: 1,
      stage_started_at: NOW,
      ended_at: NOW,
    },
    reason,
    evidence,
  });
  await moveServingPointer({
    ctx,
    input: {
      agentId: row.agent_id,
      environment: row.environment as Environment,
      versionId: row.candidate_version_id,
      reason: `rollout ${row.id} completed`,
    },
  });
  return completed;
}
