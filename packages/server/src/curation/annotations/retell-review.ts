import type { TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import { type ExampleRow, lockExample, type Settlement } from "../examples/index.ts";
import {
  changeOpenAnnotations,
  CounterBuilder,
  type CounterLedger,
  dayOf,
  qualityTenth,
} from "../statistics/index.ts";
import { insertAdjudication, type LockedTask, lockTasks, reopenTasks } from "../tasks/index.ts";
import { readWeights } from "./annotator-weights.ts";
import { changeSlots, readCorrection, takeAnnotations, writeRetold } from "./erase-store.ts";
import { readGold } from "./gold-store.ts";
import { originalExpected } from "./original-expected.ts";
import { outcomeOf } from "./outcome.ts";
import { comparisonOf, correctedOutputOf } from "./present-annotation.ts";
import { opinionsOf, preferenceOf, scoreOf } from "./settle.ts";
import { type AnnotationRow, readAnnotationsOf } from "./store.ts";

const isWanted = (task: LockedTask): boolean =>
  !task.is_gold && ["waiting", "open", "claimed"].includes(task.status);

/**
 * Removes a person's annotations of one example and tells its review anew:
 *
 * - One that is going on wants their annotations from somebody else; an adjudication of a disagreement with them is not wanted any more.
 * - One that was settled is settled by what others said, with the score that this gives; where they disagree, an adjudicator decides;
 *   where nobody else said anything, it begins again.
 * - A correction of theirs gives way to another's, else to what the example expected before anybody annotated it.
 *
 * @returns how many annotations are gone
 */
export async function retellReview(
  ctx: TenantContext,
  input: { userId: string; exampleId: string },
  ledger: CounterLedger,
): Promise<number> {
  const example = await lockExample(ctx, input.exampleId);
  const gone = await takeAnnotations(ctx, input.userId, input.exampleId);
  if (example === undefined) return gone.length;
  const tasks = await lockTasks(ctx, example.id);
  const taskIds = gone.flatMap(({ annotation_task_id: id }) => (id === null ? [] : [id]));
  // An answer to gold settled nothing.
  if (tasks.filter(({ id }) => taskIds.includes(id)).every((task) => task.is_gold)) return gone.length;
  const others = await readAnnotationsOf(ctx, example.id);
  const review = await retold(ctx, example, others, gone);
  const gold = await readGold(ctx, example.id);
  const inReview = example.is_active === true && (gold === undefined || gold.retired_at !== null);
  if (review.isSettled) await changeSlots(ctx, example.id, taskIds, "no");
  else if (review.disagreement) {
    await changeSlots(ctx, example.id, taskIds, "no");
    const [task] = tasks;
    if (inReview && task !== undefined) await insertAdjudication(ctx, task, newId());
  } else {
    await changeSlots(ctx, example.id, taskIds, inReview ? "again" : "cancelled");
    // One that a bulk decision ended: its slots were cancelled then.
    if (inReview && !(await lockTasks(ctx, example.id)).some(isWanted)) await reopenTasks(ctx, example.id);
  }
  await writeRetold(ctx, example.id, review);
  countRetold(ledger, example, review);
  const now = await lockTasks(ctx, example.id);
  changeOpenAnnotations(
    ledger,
    example.agent_id,
    now.filter(isWanted).length - tasks.filter(isWanted).length,
  );
  return gone.length;
}

interface Retold {
  isSettled: boolean;
  disagreement: boolean;
  status: string | null;
  qualityScore: number | null;
  expectedOutput: string;
  /** Of a pair that they compared. */
  preferred?: Settlement["preferred"];
  reviewedBy: string | null;
  reviewedAt: Date | null;
  reviewNotes: string | null;
}

async function retold(
  ctx: TenantContext,
  example: ExampleRow,
  others: readonly AnnotationRow[],
  gone: readonly AnnotationRow[],
): Promise<Retold> {
  const isTheirs =
    gone.some((row) => correctedOutputOf(row) === example.expected_output) &&
    !others.some((row) => correctedOutputOf(row) === example.expected_output);
  const original = isTheirs
    ? originalExpected({
        example_type: example.example_type,
        original_output: example.original_output,
        correction:
          example.source_feedback_id === null ? null : await readCorrection(ctx, example.source_feedback_id),
      })
    : example.expected_output;
  const compared = gone.some((row) => comparisonOf(row) !== null);
  const open = {
    isSettled: false,
    disagreement: false,
    qualityScore: null,
    expectedOutput: original ?? "",
    ...(compared ? { expectedOutput: "", preferred: { output: null, strength: null } } : {}),
    reviewedBy: null,
    reviewedAt: null,
    reviewNotes: null,
  };
  if (example.review_status === "withdrawn") return { ...open, isSettled: true, status: "withdrawn" };
  const wasSettled = example.review_status === "approved" || example.review_status === "rejected";
  const last = others.at(-1);
  if (last === undefined) return { ...open, status: "pending" };
  if (!wasSettled) return { ...open, status: "in_review" };
  const weights = await readWeights(
    ctx,
    others.map((row) => row.expert_id),
  );
  const outcome = outcomeOf(opinionsOf(others, weights), 0);
  const expected = outcome.kind === "settled" ? (outcome.correctedOutput ?? original) : null;
  // Nobody is known to have approved of what it would expect now.
  if (outcome.kind !== "settled" || expected === null)
    return { ...open, disagreement: true, status: "in_review" };
  return {
    isSettled: true,
    disagreement: false,
    status: outcome.decision === "approve" ? "approved" : "rejected",
    qualityScore: await scoreOf(ctx, example.agent_id, others, weights, outcome),
    expectedOutput: expected,
    ...(outcome.comparison === null ? {} : preferenceOf(example, outcome.comparison)),
    reviewedBy: last.expert_id,
    reviewedAt: last.created_at,
    reviewNotes: last.notes,
  };
}

/** The quality counters of the days on which the example was, and would have been, settled. */
function countRetold(ledger: CounterLedger, example: ExampleRow, review: Retold): void {
  const count = (score: number | null, at: Date | null, sign: 1 | -1): void => {
    if (score === null || at === null) return;
    const counters = new CounterBuilder().count(`quality:${qualityTenth(score)}`);
    ledger.add(example.agent_id, dayOf(at), counters.build(), sign);
  };
  count(example.quality_score, example.reviewed_at, -1);
  count(review.qualityScore, review.reviewedAt, 1);
}
