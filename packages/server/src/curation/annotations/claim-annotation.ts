import type { ClaimAnnotation, ClaimedAnnotation } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { unprocessable } from "../../http/index.ts";
import { type ExampleRow, presentExample, readExample, retireTasks } from "../examples/index.ts";
import { claimNext, lockAnnotator, presentLease, priorityOf, type TaskRow } from "../tasks/index.ts";
import { requireAnnotator } from "./annotator.ts";
import { claimGold } from "./claim-gold.ts";
import { firstShown, withoutPreference } from "./comparison.ts";
import { findQueue, requireOrderByType } from "./find-queue.ts";
import { presentAnnotation } from "./present-annotation.ts";
import { type AnnotationRow, readAnnotationsOf } from "./store.ts";

function isOpenForReview(example: ExampleRow): boolean {
  return (
    example.is_active === true &&
    (example.review_status === "pending" || example.review_status === "in_review")
  );
}

/** What the person who claimed a task gets: of a pair, without what anybody said of it, and in an order that chance drew. */
function handOver(
  task: TaskRow,
  example: ExampleRow,
  annotations: readonly AnnotationRow[],
): ClaimedAnnotation {
  return {
    task: presentLease(task),
    example: withoutPreference(presentExample(example)),
    comparison: example.example_type === "preference" ? { first: firstShown(task.id) } : null,
    annotations: annotations.map(presentAnnotation),
  };
}

/**
 * Gives the caller the next annotation that is wanted, under a lease, or null when there is none for them. Nobody gets an
 * example that they contributed, annotated, hold or passed on; adjudications go to reviewers. Of a queue's claims its gold share
 * are examples with a known answer, which look like the others. A lease is bookkeeping of who
 * works on what, not a change of data: it is not audited.
 * @throws ProblemError not-found for the agent, unprocessable for the queue
 */
export async function claimAnnotation({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: ClaimAnnotation;
}): Promise<ClaimedAnnotation | null> {
  const { userId, kinds } = requireAnnotator(ctx);
  const agent =
    input.agent_id === undefined ? undefined : await findAgent(ctx, input.agent_id, "body.agent_id");
  const queue =
    input.queue_id === undefined ? undefined : await findQueue(ctx, input.queue_id, "body.queue_id");
  if (queue !== undefined && agent !== undefined && queue.agent_id !== agent.id)
    throw unprocessable("body.queue_id", "is a queue of another agent");
  requireOrderByType(queue, input.example_type, "body.example_type");
  const filter = {
    userId,
    agentId: agent?.id,
    queueId: queue?.id,
    priority: input.example_type === undefined ? undefined : priorityOf(input.example_type),
    kinds: input.kind === undefined ? kinds : kinds.filter((kind) => kind === input.kind),
  };
  await lockAnnotator(ctx, userId);
  if (queue !== undefined && input.kind !== "adjudication" && input.example_type === undefined) {
    const gold = await claimGold(ctx, queue, userId, input.lease_seconds);
    if (gold !== undefined) return handOver(gold.task, gold.example, []);
  }
  for (;;) {
    const task = await claimNext(ctx, filter, input.lease_seconds);
    if (task === undefined) return null;
    const example = await readExample(ctx, task.learning_example_id);
    if (example === undefined) throw new Error(`task ${task.id} is for an example that is not there`);
    if (isOpenForReview(example)) {
      const annotations = task.kind === "adjudication" ? await readAnnotationsOf(ctx, example.id) : [];
      return handOver(task, example, annotations);
    }
    // Somebody took the example out of review without its tasks, such as the erasure of its contributor.
    await retireTasks(ctx, [example]);
  }
}
