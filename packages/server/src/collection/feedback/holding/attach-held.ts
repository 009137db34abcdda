import type { TenantContext } from "../../../context.ts";
import type { FeedbackChange, StoredExecution } from "../../evidence-observer.ts";
import { CounterLedger, dayOf } from "../../statistics/counters.ts";
import { eventCounters } from "../feedback-counters.ts";
import { newFeedbackRow, toStoredFeedback } from "../feedback-row.ts";
import { writeFeedback } from "../store.ts";
import { countChange } from "../write-submissions.ts";
import { heldRevisions, type HeldRow } from "./held-feedback.ts";
import { settleAttached } from "./store.ts";

/**
 * Turns held feedback into feedback of executions that this transaction recorded, under the same ids and on the days on
 * which it was given.
 * @returns what observers are to be told
 */
export async function attachHeld(
  ctx: TenantContext,
  arrivals: readonly { held: HeldRow; execution: StoredExecution }[],
  lane: number,
): Promise<FeedbackChange[]> {
  if (arrivals.length === 0) return [];
  const ledger = new CounterLedger();
  const rows = arrivals.map(({ held, execution }) => {
    const { content, version } = held.payload;
    const row = newFeedbackRow({
      id: held.id,
      execution,
      userId: held.user_id,
      content,
      version,
      createdAt: held.created_at,
    });
    countChange(ledger, execution, null, row);
    ledger.add(held.agent_id, dayOf(execution.created_at), eventCounters("held_attached"));
    return row;
  });
  const revisions = arrivals.flatMap(({ held }) => heldRevisions(held));
  await writeFeedback(ctx, { people: [], inserted: rows, amended: [], revisions, ledger, lane });
  await settleAttached(
    ctx,
    arrivals.map(({ held }) => held.id),
  );
  return rows.map((row, index) => ({
    execution: (arrivals[index] as { execution: StoredExecution }).execution,
    before: null,
    after: toStoredFeedback(row),
  }));
}
