import type { SubmittedFeedback } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import type { FeedbackChange, StoredExecution } from "../evidence-observer.ts";
import { PersonRegistry } from "../people/raters.ts";
import { CounterLedger, dayOf } from "../statistics/counters.ts";
import { sameContent } from "./feedback-content.ts";
import { feedbackCounters } from "./feedback-counters.ts";
import {
  amendedRow,
  type FeedbackRow,
  newFeedbackRow,
  type NewRevision,
  revisionOf,
  toStoredFeedback,
} from "./feedback-row.ts";
import { lockFeedback, writeFeedback } from "./store.ts";
import type { PlacedSubmission, SubmissionResult } from "./submission.ts";

/** Adds what a change of one feedback does to the counters of the day on which it was given. Staging counts in none. */
export function countChange(
  ledger: CounterLedger,
  execution: StoredExecution,
  before: FeedbackRow | null,
  after: FeedbackRow | null,
): void {
  const row = after ?? before;
  if (row === null || execution.environment !== "production") return;
  const day = dayOf(row.created_at);
  const { version_id: versionId } = execution;
  if (before !== null) ledger.add(row.agent_id, day, feedbackCounters(before, versionId), -1);
  if (after !== null) ledger.add(row.agent_id, day, feedbackCounters(after, versionId));
}

/** Another transaction withdrew or moved a vote between our look and our lock: the whole transaction starts again. */
class VoteMovedError extends Error {
  override name = "VoteMovedError";
  // Read by retryConflicts, as a serialization failure of the database would be.
  readonly code = "40001";
}

/** Writes submissions whose executions are known, at most one vote of each rater on each execution. */
export async function writeSubmissions(
  ctx: TenantContext,
  items: readonly PlacedSubmission[],
  now: Date,
  lane: number,
): Promise<SubmissionResult> {
  const people = new PersonRegistry();
  const ledger = new CounterLedger();
  const inserted: FeedbackRow[] = [];
  const amended: FeedbackRow[] = [];
  const revisions: NewRevision[] = [];
  const changes: FeedbackChange[] = [];
  const outcomes: SubmissionResult["outcomes"] = new Map();
  const answer = (item: PlacedSubmission, row: FeedbackRow): void => {
    const value: SubmittedFeedback = { id: row.id, status: "stored", version: row.version };
    outcomes.set(item.index, { value });
  };
  const change = (execution: StoredExecution, before: FeedbackRow | null, after: FeedbackRow): void => {
    countChange(ledger, execution, before, after);
    changes.push({ execution, before: before && toStoredFeedback(before), after: toStoredFeedback(after) });
  };

  const voteIds = items.flatMap(({ target }) => (target.liveVoteId === null ? [] : [target.liveVoteId]));
  const locked = voteIds.length === 0 ? [] : await lockFeedback(ctx, voteIds);
  const votes = new Map(locked.map(({ feedback }) => [feedback.id, feedback]));
  for (const item of items) {
    const { submission, target } = item;
    const { execution } = target;
    if (execution === null) continue;
    if (target.liveVoteId === null) {
      const userId = people.idOf(submission.rater, target.raterId);
      const { id, content } = submission;
      const row = newFeedbackRow({ id, execution, userId, content, createdAt: now });
      inserted.push(row);
      change(execution, null, row);
      answer(item, row);
      continue;
    }
    const before = votes.get(target.liveVoteId);
    if (before?.status !== "live" || before.satisfaction === null) throw new VoteMovedError();
    if (sameContent(submission.content, before)) {
      answer(item, before);
      continue;
    }
    const after = amendedRow(before, submission.content, now);
    amended.push(after);
    revisions.push(revisionOf(before, "amended", before.user_id, now));
    change(execution, before, after);
    answer(item, after);
  }
  if (changes.length > 0) {
    await writeFeedback(ctx, { people: people.created(), inserted, amended, revisions, ledger, lane });
  }
  return { outcomes, changes };
}
