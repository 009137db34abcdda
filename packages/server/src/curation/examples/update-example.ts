import type { LearningExample, UpdateLearningExample } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { isUniqueViolation } from "../../database/index.ts";
import { assertVersion, conflict, notFound } from "../../http/index.ts";
import { CounterBuilder, CounterLedger, fold, GAUGE_DAY, OPEN_ANNOTATIONS } from "../statistics/index.ts";
import { reopenTasks } from "../tasks/index.ts";
import { presentExample } from "./present-example.ts";
import { retireTasks } from "./retire-tasks.ts";
import { changeExample, type ExampleRow, lockExample } from "./store.ts";

async function wantAnnotationsAgain(ctx: TenantContext, example: ExampleRow): Promise<void> {
  const gauges = new CounterBuilder();
  for (let count = await reopenTasks(ctx, example.id); count > 0; count -= 1) gauges.count(OPEN_ANNOTATIONS);
  await fold(ctx, new CounterLedger().add(example.agent_id, GAUGE_DAY, gauges.build()));
}

/**
 * Changes what people say about an example, by compare-and-set on its version. An inactive example is not learned from and
 * leaves the annotation queue; made active again, it comes back.
 * @throws ProblemError not-found, precondition-failed, conflict for what its feedback has replaced
 */
export async function updateExample({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { exampleId: string; expectedVersion: number; change: UpdateLearningExample };
}): Promise<LearningExample> {
  const { change } = input;
  const before = await lockExample(ctx, input.exampleId);
  if (before === undefined) throw notFound("learning example", input.exampleId, "path.exampleId");
  assertVersion(input.expectedVersion, before.version);
  if (change.is_active === true && before.review_status === "withdrawn")
    throw conflict(
      "The example was withdrawn with its feedback, or replaced by an amendment. It stays inactive.",
    );
  if (change.is_active === true && before.source_type === "spot_check" && before.review_status === "approved")
    throw conflict("The example is a spot check that people have answered: nobody learns from those.");
  const after = await changeExample(ctx, before.id, change).catch((error: unknown) => {
    if (isUniqueViolation(error, "learning_examples_source_feedback"))
      throw conflict("Another example of the same feedback is active. Make that one inactive first.");
    throw error;
  });
  const isPending = after.review_status === "pending" || after.review_status === "in_review";
  if (change.is_active === false && before.is_active === true) await retireTasks(ctx, [after]);
  if (change.is_active === true && before.is_active === false && isPending)
    await wantAnnotationsAgain(ctx, after);
  await writeAudit(ctx, {
    action: "example.updated",
    entityType: "learning_example",
    entityId: after.id,
    data: { fields: Object.keys(change), is_active: change.is_active },
  });
  return presentExample(after);
}
