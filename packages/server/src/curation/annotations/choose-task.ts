import type { SubmitAnnotation, TaskKind } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { conflict, ProblemError, unprocessable } from "../../http/index.ts";
import type { LockedTask } from "../tasks/index.ts";
import { requireAnnotator } from "./annotator.ts";
import { staleLease } from "./leases.ts";

function kindOf(input: SubmitAnnotation): TaskKind {
  return input.annotation_type === "adjudication" ? "adjudication" : "annotation";
}

async function claimedTask(
  ctx: TenantContext,
  tasks: readonly LockedTask[],
  input: SubmitAnnotation,
  userId: string,
): Promise<LockedTask> {
  const task = tasks.find(({ id }) => id === input.task_id?.toLowerCase());
  if (task === undefined) throw unprocessable("body.task_id", "is not a task of this example");
  if (task.kind !== kindOf(input))
    throw unprocessable("body.annotation_type", `does not fit: the task is an ${task.kind}`);
  const isHeld = task.status === "claimed" && task.claimed_by === userId;
  if (!isHeld || task.fencing_token !== input.fencing_token) throw await staleLease(ctx, task.id);
  return task;
}

function freeTask(tasks: readonly LockedTask[], kind: TaskKind, userId: string): LockedTask {
  const wanted = tasks.filter((task) => task.kind === kind && !task.is_gold);
  const free =
    wanted.find((task) => task.status === "claimed" && task.claimed_by === userId) ??
    wanted.find(
      (task) =>
        task.status === "open" || task.status === "waiting" || (task.status === "claimed" && task.lapsed),
    );
  if (free !== undefined) return free;
  throw conflict(
    wanted.length === 0 && kind === "adjudication"
      ? "The annotators of this example do not disagree: there is nothing to adjudicate."
      : "Every annotation that is wanted of this example is in, or being worked on by somebody else.",
  );
}

/**
 * The task that an annotation completes: the claimed one, or without a claim a free one of the example.
 * @param tasks every task of the example, locked
 * @throws ProblemError conflict for a stale token or when no slot is free, forbidden for an adjudication by an annotator
 */
export async function chooseTask(
  ctx: TenantContext,
  tasks: readonly LockedTask[],
  input: SubmitAnnotation,
): Promise<LockedTask> {
  const { userId, kinds } = requireAnnotator(ctx);
  const kind = kindOf(input);
  if (!kinds.includes(kind))
    throw new ProblemError("forbidden", "Adjudicating needs the role reviewer or above.");
  const task =
    input.task_id === undefined
      ? freeTask(tasks, kind, userId)
      : await claimedTask(ctx, tasks, input, userId);
  const others = tasks.filter(({ id, claimed_by }) => id !== task.id && claimed_by === userId);
  if (others.some(({ status }) => status === "completed"))
    throw conflict("You have annotated this example already. Its other annotations are for other people.");
  if (others.some(({ status }) => status === "claimed"))
    throw conflict("You hold another slot of this example. Submit or release that one.");
  return task;
}
