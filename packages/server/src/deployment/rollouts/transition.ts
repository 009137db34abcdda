import type { RolloutEvent } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { bumpServingRevision } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import { noteRelease } from "../../learning/index.ts";
import { conflict } from "../../http/problem-error.ts";
import { compareAndSet, insertEvent, type RolloutChange, type RolloutRow } from "./store.ts";

export interface Transition {
  event: RolloutEvent["event"];
  change: RolloutChange;
  reason: string;
  /** Numbers and ids that explain it; never content, and no ids of end users. */
  evidence?: Record<string, unknown>;
}

/**
 * Moves a rollout by compare-and-set on its version, with its event, its audit row and the new serving revision, all in the
 * caller's transaction.
 * @throws ProblemError conflict when somebody else moved it since it was read
 */
export async function transition(ctx: TenantContext, row: RolloutRow, move: Transition): Promise<RolloutRow> {
  const moved = await compareAndSet(ctx, row, move.change);
  if (moved === undefined) throw conflict("Somebody else has just moved this rollout. Read it again.");
  const evidence = move.evidence ?? {};
  await insertEvent(ctx, moved, { event: move.event, reason: move.reason, evidence });
  const { status } = move.change;
  if (
    row.training_run_id !== null &&
    row.environment === "production" &&
    (status === "completed" || status === "rolled_back")
  ) {
    const outcome = status === "completed" ? "promoted" : "rolled_back";
    await noteRelease(ctx, { runId: row.training_run_id, outcome });
  }
  await bumpServingRevision({ ctx, input: { agentId: row.agent_id } });
  await writeAudit(ctx, {
    action: `rollout.${move.event}`,
    entityType: "rollout",
    entityId: row.id,
    data: {
      agent_id: row.agent_id,
      candidate_version_id: row.candidate_version_id,
      from: { status: row.status, stage: row.stage, share: row.share },
      to: { status: moved.status, stage: moved.stage, share: moved.share },
      version: moved.version,
      reason: move.reason,
      ...evidence,
    },
  });
  return moved;
}
