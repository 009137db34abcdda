import type { Decision, SubmitAnnotation, SubmittedAnnotation } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { readRedactor } from "../../administration/redaction/index.ts";
import type { TenantContext } from "../../context.ts";
import { conflict, ProblemError, unprocessable } from "../../http/index.ts";
import { newId } from "../../new-id.ts";
import { type ExampleRow, lockExample, presentExample } from "../examples/index.ts";
import {
  CounterBuilder,
  CounterLedger,
  dayOf,
  fold,
  GAUGE_DAY,
  OPEN_ANNOTATIONS,
  qualityMetric,
  qualityTenth,
} from "../statistics/index.ts";
import { completeTask, lockAnnotator, lockTasks } from "../tasks/index.ts";
import { requireAnnotator } from "./annotator.ts";
import { chooseTask } from "./choose-task.ts";
import { firstShown } from "./comparison.ts";
import { presentAnnotation } from "./present-annotation.ts";
import { gradeGold } from "./grade-gold.ts";
import { meanOf } from "./quality-score.ts";
import { dimensionsOf, type SettledReview, settleReview } from "./settle.ts";
import { type AnnotationRow, insertAnnotation } from "./store.ts";

function assertReviewable(example: ExampleRow, userId: string): void {
  if (example.source_user_id === userId)
    throw new ProblemError(
      "forbidden",
      "You contributed this example. Somebody else has to judge it: nobody approves their own contribution.",
    );
  if (example.is_active !== true) throw conflict("The example is inactive: it has left review.");
  if (example.review_status !== "pending" && example.review_status !== "in_review")
    throw conflict(`The example is ${example.review_status} already.`);
}

/** A pair that nobody prefers an output of is approved by saying which is better. */
function assertComparable(example: ExampleRow, input: SubmitAnnotation): void {
  const isPair = example.example_type === "preference";
  if (!isPair && input.preference !== undefined)
    throw unprocessable("body.preference", "belongs to examples of the type preference");
  if (
    isPair &&
    input.decision === "approve" &&
    input.preference === undefined &&
    example.preferred_output === null
  )
    throw unprocessable("body.preference", "is required: nobody has said which output is better");
}

/** Gold is work that was done, and says nothing of the agent: nobody asked for it. */
async function countGold(ctx: TenantContext, row: AnnotationRow): Promise<void> {
  const today = new CounterBuilder().count("annotations");
  await fold(ctx, new CounterLedger().add(row.agent_id, dayOf(row.created_at ?? new Date()), today.build()));
}

/** Counts a completed annotation and what came of it. */
export async function countAnnotation(
  ctx: TenantContext,
  row: AnnotationRow,
  decision: Decision,
  review: SettledReview,
): Promise<void> {
  const today = new CounterBuilder().count("annotations");
  const dimensions = dimensionsOf(row);
  if (dimensions.length > 0) today.value(qualityMetric(decision), meanOf(dimensions));
  if (review.scored !== null) today.count(`quality:${qualityTenth(review.scored)}`);
  const day = dayOf(row.created_at ?? new Date());
  const completed = new CounterBuilder().count(OPEN_ANNOTATIONS);
  await fold(
    ctx,
    new CounterLedger()
      .add(row.agent_id, day, today.build())
      .add(row.agent_id, GAUGE_DAY, completed.build(), -1)
      .add(row.agent_id, GAUGE_DAY, review.gauges),
  );
}

/**
 * Stores a person's judgement of an example, and settles the example when it was the last that was wanted. Annotations are
 * append-only. With `task_id` and `fencing_token` it answers a claim; without, it takes a free slot.
 * @throws ProblemError unprocessable for an unknown example, forbidden for the caller's own contribution, conflict for a
 *   stale token, a second annotation by the same person, a settled example, or when no slot is free
 */
export async function submitAnnotation({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: SubmitAnnotation;
}): Promise<SubmittedAnnotation> {
  const { userId } = requireAnnotator(ctx);
  await lockAnnotator(ctx, userId);
  const example = await lockExample(ctx, input.learning_example_id);
  if (example === undefined)
    throw unprocessable("body.learning_example_id", "is not a learning example of this organization");
  assertReviewable(example, userId);
  assertComparable(example, input);
  const tasks = await lockTasks(ctx, example.id);
  const task = await chooseTask(ctx, tasks, input);
  const redactor = await readRedactor(ctx, example.agent_id);
  const row = await insertAnnotation(ctx, {
    id: newId(),
    agentId: example.agent_id,
    exampleId: example.id,
    taskId: task.id,
    expertId: userId,
    type: input.annotation_type,
    decision: input.decision,
    data: {
      ...redactor.json(input.annotation_data),
      decision: input.decision,
      ...(input.corrected_output === undefined
        ? {}
        : { corrected_output: redactor.text(input.corrected_output) }),
      ...(input.preference === undefined
        ? {}
        : { preference: { ...input.preference, first: firstShown(task.id) } }),
    },
    technicalAccuracy: input.technical_accuracy ?? null,
    professionalQuality: input.professional_quality ?? null,
    completeness: input.completeness ?? null,
    clarity: input.clarity ?? null,
    notes: redactor.text(input.notes ?? null),
    improvementSuggestions: redactor.text(input.improvement_suggestions ?? null),
    queueId: task.queue_id,
    goldAgreed: task.is_gold ? await gradeGold(ctx, example.id, input) : null,
    claimedAt: input.task_id === undefined ? null : task.claimed_at,
  });
  await completeTask(ctx, task, userId);
  if (task.is_gold) {
    await countGold(ctx, row);
    // As an example of which another annotation is outstanding.
    return { annotation: presentAnnotation(row), example: presentExample(example), outstanding: 1 };
  }
  const review = await settleReview(ctx, example, tasks, task);
  await writeAudit(ctx, {
    action: "annotation.submitted",
    entityType: "learning_example",
    entityId: example.id,
    data: {
      annotation_id: row.id,
      annotation_type: input.annotation_type,
      decision: input.decision,
      review_status: review.example.review_status,
      quality_score: review.scored,
    },
  });
  await countAnnotation(ctx, row, input.decision, review);
  return {
    annotation: presentAnnotation(row),
    example: presentExample(review.example),
    outstanding: review.outstanding,
  };
}
