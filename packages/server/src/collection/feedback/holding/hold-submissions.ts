import type { TenantContext } from "../../../context.ts";
import { PersonRegistry } from "../../people/raters.ts";
import { CounterLedger, dayOf } from "../../statistics/counters.ts";
import { sameContent } from "../feedback-content.ts";
import { eventCounters } from "../feedback-counters.ts";
import { isVote, type PlacedSubmission, type SubmissionResult } from "../submission.ts";
import { amendHeld, type HeldRow } from "./held-feedback.ts";
import { lockHeld, readHoldingHours, writeHeld } from "./store.ts";

const HOUR = 3_600_000;

function newHeldRow(item: PlacedSubmission, userId: string, now: Date, hours: number): HeldRow {
  const { submission } = item;
  return {
    id: submission.id,
    agent_id: submission.agentId,
    execution_external_id: submission.executionReference,
    user_id: userId,
    payload: { content: submission.content, version: 1, revisions: [], updated_at: now.toISOString() },
    status: "held",
    expires_at: new Date(now.getTime() + hours * HOUR),
    created_at: now,
  };
}

const voteKey = (row: HeldRow): string => `${row.agent_id} ${row.user_id} ${row.execution_external_id}`;

/**
 * Keeps feedback whose execution is not known, under the lock that keeps executions of its agent out. The same rules hold as
 * for stored feedback: a rater's second vote on an execution amends the first.
 */
export async function holdSubmissions(
  ctx: TenantContext,
  items: readonly PlacedSubmission[],
  now: Date,
  lane: number,
): Promise<SubmissionResult> {
  const people = new PersonRegistry();
  const ledger = new CounterLedger();
  const outcomes: SubmissionResult["outcomes"] = new Map();
  const hours = await readHoldingHours(
    ctx,
    items.map((item) => item.submission.agentId),
  );
  const fresh = items.map((item) => {
    const userId = people.idOf(item.submission.rater, item.target.raterId);
    return newHeldRow(item, userId, now, hours.get(item.submission.agentId) ?? 24);
  });
  const waiting = await lockHeld(ctx, fresh);
  const votes = new Map(
    waiting.filter((row) => isVote(row.payload.content)).map((row) => [voteKey(row), row]),
  );
  const written = new Map<string, HeldRow>();
  for (const [position, row] of fresh.entries()) {
    const { content } = row.payload;
    const earlier = isVote(content) ? votes.get(voteKey(row)) : undefined;
    let result = row;
    if (earlier !== undefined) {
      const same = sameContent(earlier.payload.content, content);
      result = same ? earlier : amendHeld(earlier, content, row.user_id, now);
    } else {
      ledger.add(row.agent_id, dayOf(now), eventCounters("held"));
    }
    if (result !== earlier) written.set(result.id, result);
    if (isVote(content)) votes.set(voteKey(row), result);
    const index = items[position]?.index ?? position;
    outcomes.set(index, { value: { id: result.id, status: "held", version: result.payload.version } });
  }
  if (written.size > 0) {
    await writeHeld(ctx, { people: people.created(), rows: [...written.values()], ledger, lane });
  }
  return { outcomes, changes: [] };
}
