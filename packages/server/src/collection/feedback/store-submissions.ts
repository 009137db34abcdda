import type { TenantContext } from "../../context.ts";
import { ProblemError } from "../../http/problem-error.ts";
import type { FeedbackChange } from "../evidence-observer.ts";
import { type BatchOptions, requireAll } from "../ingestion/outcome.ts";
import { lockArrivals } from "../ingestion/store.ts";
import { checkCorrection } from "./check-content.ts";
import { holdSubmissions } from "./holding/hold-submissions.ts";
import { findTargets } from "./store.ts";
import {
  isVote,
  type PlacedSubmission,
  queryOf,
  raterKey,
  type Submission,
  type SubmissionOutcome,
  type SubmissionResult,
} from "./submission.ts";
import { writeSubmissions } from "./write-submissions.ts";

/**
 * Stores what passed the door, in the caller's transaction: new rows, votes that amend the rater's earlier one, and what has
 * to wait for its execution. One outcome for each submission, by position; a submission that its execution refutes is an error
 * outcome and leaves no trace. The caller tells the observers.
 */
export async function storeSubmissions(
  ctx: TenantContext,
  submissions: readonly Submission[],
  { lane = 0, allOrNone = false }: BatchOptions = {},
): Promise<SubmissionResult> {
  if (submissions.length === 0) return { outcomes: new Map(), changes: [] };
  const { placed, now } = await place(ctx, submissions);
  const outcomes = new Map<number, SubmissionOutcome>();
  const changes: FeedbackChange[] = [];
  const collect = (result: SubmissionResult): void => {
    for (const [index, outcome] of result.outcomes) outcomes.set(index, outcome);
    changes.push(...result.changes);
  };
  const known = placed.filter((item) => item.target.execution !== null);
  const unknown = placed.filter((item) => item.target.execution === null);
  const sound: PlacedSubmission[] = [];
  for (const item of known) {
    const error = refute(item);
    if (error === undefined) sound.push(item);
    else outcomes.set(item.index, { error });
  }
  if (allOrNone) requireAll([...outcomes.values()]);
  if (unknown.length > 0) collect(await holdSubmissions(ctx, unknown, now, lane));
  for (const [round, items] of inRounds(sound).entries()) {
    // A later round meets the votes, and the people, that the earlier ones wrote.
    const current = round === 0 ? items : await placeAgain(ctx, items);
    collect(await writeSubmissions(ctx, current, now, lane));
  }
  return { outcomes, changes };
}

async function place(
  ctx: TenantContext,
  submissions: readonly Submission[],
): Promise<{ placed: PlacedSubmission[]; now: Date }> {
  const { targets, now } = await findTargets(ctx, submissions.map(queryOf));
  const placed = submissions.flatMap((submission, index) => {
    const target = targets[index];
    return target === undefined ? [] : [{ submission, index, target }];
  });
  const missing = placed.filter((item) => item.target.execution === null);
  if (missing.length === 0) return { placed, now };
  // The execution may be arriving at this moment: wait for it, then look again.
  await lockArrivals(
    ctx,
    missing.map((item) => item.submission.agentId),
  );
  const again = new Map((await placeAgain(ctx, missing)).map((item) => [item.index, item]));
  return { placed: placed.map((item) => again.get(item.index) ?? item), now };
}

async function placeAgain(
  ctx: TenantContext,
  items: readonly PlacedSubmission[],
): Promise<PlacedSubmission[]> {
  const { targets } = await findTargets(
    ctx,
    items.map((item) => queryOf(item.submission)),
  );
  return items.map((item, index) => ({ ...item, target: targets[index] ?? item.target }));
}

function refute({ submission, target }: PlacedSubmission): ProblemError | undefined {
  const errors = checkCorrection(submission.content, target.execution?.output_text ?? null);
  if (errors.length === 0) return undefined;
  return new ProblemError(
    "unprocessable",
    `The correction ${errors[0]?.message}. Send a correction that does.`,
    {
      errors: errors.map((error) => ({ ...error, path: `${submission.path}.${error.path}` })),
    },
  );
}

/** Rounds in which each rater has at most one vote on each execution, in the order of the batch. */
function inRounds(items: readonly PlacedSubmission[]): PlacedSubmission[][] {
  const rounds: PlacedSubmission[][] = [];
  const seen = new Map<string, number>();
  for (const item of items) {
    let round = 0;
    if (isVote(item.submission.content)) {
      const key = `${item.target.execution?.id ?? ""} ${raterKey(item)}`;
      round = seen.get(key) ?? 0;
      seen.set(key, round + 1);
    }
    (rounds[round] ??= []).push(item);
  }
  return rounds;
}
