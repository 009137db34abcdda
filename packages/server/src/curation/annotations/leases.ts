import type { AnnotationLease, ReleaseLease, RenewLease } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { conflict, notFound, ProblemError } from "../../http/index.ts";
import { retireTasks } from "../examples/index.ts";
import { extendLease, giveBack, presentLease, readTask } from "../tasks/index.ts";
import { requireAnnotator } from "./annotator.ts";

/** Why a lease cannot be used: 404 for no such task, 409 for one that has moved on. */
export async function staleLease(ctx: TenantContext, taskId: string): Promise<ProblemError> {
  const task = await readTask(ctx, taskId);
  if (task === undefined) return notFound("annotation task", taskId, "path.taskId");
  switch (task.status) {
    case "completed":
      return conflict("The task is completed. Claim another.");
    case "cancelled":
      return conflict("The task is cancelled: its example has left review. Claim another.");
    default:
      return conflict(
        "The lease is not yours any more: it ran out and the task went to somebody else, or back to the queue. Claim again.",
      );
  }
}

/**
 * Prolongs a lease from now on.
 * @throws ProblemError conflict when the token is not the task's newest
 */
export async function renewLease({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: RenewLease & { taskId: string };
}): Promise<AnnotationLease> {
  const { userId } = requireAnnotator(ctx);
  const lease = { taskId: input.taskId, userId, fencingToken: input.fencing_token };
  const task = await extendLease(ctx, lease, input.lease_seconds);
  if (task === undefined) throw await staleLease(ctx, input.taskId);
  return presentLease(task);
}

/**
 * Gives a task back to the queue; with a reason it is passed on and not offered to the caller again. A reviewer may skip the
 * example for everybody: nothing of it is wanted until somebody puts it back.
 * @throws ProblemError conflict when the token is not the task's newest, forbidden for an annotator who skips for everybody
 */
export async function releaseLease({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: ReleaseLease & { taskId: string };
}): Promise<AnnotationLease> {
  const { userId, kinds } = requireAnnotator(ctx);
  const isForAll = input.skip_for === "all";
  if (isForAll && !kinds.includes("adjudication"))
    throw new ProblemError("forbidden", "Skipping for everybody needs the role reviewer or above.");
  const lease = { taskId: input.taskId, userId, fencingToken: input.fencing_token };
  let task = await giveBack(ctx, lease, input.reason);
  if (task === undefined) throw await staleLease(ctx, input.taskId);
  if (isForAll) {
    await retireTasks(ctx, [{ id: task.learning_example_id, agent_id: task.agent_id }]);
    task = (await readTask(ctx, task.id)) ?? task;
  }
  const kept = input.reason === undefined ? "released" : "deferred";
  await writeAudit(ctx, {
    action: `annotation-task.${isForAll ? "skipped" : kept}`,
    entityType: "annotation_task",
    entityId: task.id,
    data: { learning_example_id: task.learning_example_id },
  });
  return presentLease(task);
}
