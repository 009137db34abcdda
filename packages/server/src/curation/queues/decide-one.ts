import type { BulkDecision, Decision } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import { countAnnotation, insertAnnotation, settleReview } from "../annotations/index.ts";
import { readExample } from "../examples/index.ts";
import { changeOpenAnnotations, type CounterLedger } from "../statistics/index.ts";
import { completeTask, lockTasks } from "../tasks/index.ts";
import { takeAdjudication } from "./bulk-store.ts";

/**
 * Decides one example of a bulk decision as its adjudicator: an annotation in the history like any other, that says it was one of
 * many. The caller holds the example's row.
 */
export async function decideOne(
  ctx: TenantContext,
  input: { exampleId: string; userId: string; bulkId: string; decision: Decision; body: BulkDecision },
  ledger: CounterLedger,
): Promise<boolean> {
  const { exampleId, userId, decision, body } = input;
  const example = await readExample(ctx, exampleId);
  // Which of two outputs is better has to be said for each pair.
  const isOpenPair = example?.example_type === "preference" && example.preferred_output === null;
  if (isOpenPair && decision === "approve") return false;
  const tasks = await lockTasks(ctx, exampleId);
  const taken = await takeAdjudication(ctx, tasks);
  if (example === undefined || taken === undefined) return false;
  const isApproved = decision === "approve";
  const row = await insertAnnotation(ctx, {
    id: newId(),
    agentId: example.agent_id,
    exampleId,
    taskId: taken.task.id,
    expertId: userId,
    type: "adjudication",
    decision,
    data: { decision, bulk_id: input.bulkId },
    technicalAccuracy: isApproved ? (body.technical_accuracy ?? null) : null,
    professionalQuality: isApproved ? (body.professional_quality ?? null) : null,
    completeness: isApproved ? (body.completeness ?? null) : null,
    clarity: isApproved ? (body.clarity ?? null) : null,
    notes: body.reason ?? null,
    improvementSuggestions: null,
    queueId: taken.task.queue_id,
    goldAgreed: null,
    claimedAt: null,
  });
  await completeTask(ctx, taken.task, userId);
  const completed = { ...taken.task, lapsed: false };
  const review = await settleReview(ctx, example, tasks, completed);
  changeOpenAnnotations(ledger, example.agent_id, taken.change);
  await writeAudit(ctx, {
    action: "annotation.submitted",
    entityType: "learning_example",
    entityId: exampleId,
    data: {
      annotation_id: row.id,
      annotation_type: "adjudication",
      decision,
      bulk_id: input.bulkId,
      review_status: review.example.review_status,
      quality_score: review.scored,
    },
  });
  await countAnnotation(ctx, row, decision, review);
  return true;
}
