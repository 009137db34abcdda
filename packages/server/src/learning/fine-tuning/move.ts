import type { FineTuningPhase, JsonValue } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import type { TrainingRunRow } from "../training-runs/present-training-run.ts";
import { appendEvent, changeRun, type RunChange } from "../training-runs/store.ts";
import { canMove, isFinal, statusOf } from "./phases.ts";

export interface Move {
  to: FineTuningPhase;
  /** The event's name; default: the phase's. */
  event?: string;
  data?: Record<string, JsonValue>;
  change?: RunChange;
}

/**
 * Moves a run to another phase by compare-and-set on its revision, with its status, its event and its audit row, in the caller's
 * transaction.
 * @returns the row after it; undefined: somebody else moved it first
 * @throws Error for a move that there is not: a mistake of ours
 */
export async function moveRun(
  ctx: TenantContext,
  row: TrainingRunRow,
  { to, event = to, data = {}, change = {} }: Move,
): Promise<TrainingRunRow | undefined> {
  const from = row.phase as FineTuningPhase;
  if (!canMove(from, to)) throw new Error(`a run does not go from ${from} to ${to}`);
  const ends = isFinal(to) || to === "awaiting_review";
  const after = await changeRun(ctx, row.id, row.revision, {
    ...change,
    phase: to,
    status: statusOf(to),
    ...(to === "running" ? { start: true } : {}),
    ...(ends ? { end: true } : {}),
  });
  if (after === undefined) return undefined;
  await appendEvent(ctx, row.id, event, { phase: to, ...data });
  await writeAudit(ctx, {
    action: `training-run.${event}`,
    entityType: "training_run",
    entityId: row.id,
    data: { from, to },
  });
  return after;
}
