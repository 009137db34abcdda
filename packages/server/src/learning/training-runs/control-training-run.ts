import type { ReviewDecision, TrainingRun } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { conflict, ProblemError } from "../../http/index.ts";
import { cancelFineTuning, reviewFineTuning } from "../fine-tuning/control.ts";
import { presentTrainingRun, type TrainingRunRow } from "./present-training-run.ts";
import { requireRun } from "./require-run.ts";
import { appendEvent, changeRun, type RunChange } from "./store.ts";

const ENDED = new Set(["completed", "failed", "cancelled"]);

async function change(
  ctx: TenantContext,
  row: TrainingRunRow,
  set: RunChange,
  event: string,
): Promise<TrainingRun> {
  const after = await changeRun(ctx, row.id, row.revision, set);
  if (after === undefined) throw conflict("The run moved on while this was asked. Read it again.");
  await appendEvent(ctx, row.id, event, {});
  await writeAudit(ctx, { action: `training-run.${event}`, entityType: "training_run", entityId: row.id });
  return presentTrainingRun(after);
}

/** Stops a run: one that waits at once, one that runs at its next step. Ended runs stay as they are. */
export async function cancelTrainingRun({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { runId: string };
}): Promise<TrainingRun> {
  const row = await requireRun(ctx, input.runId);
  if (row.phase !== null) return cancelFineTuning(ctx, row.id);
  if (ENDED.has(row.status ?? ""))
    throw conflict(`The run is ${row.status ?? "ended"} already; there is nothing to cancel.`);
  return row.status === "running"
    ? change(ctx, row, { cancel: true }, "cancel-requested")
    : change(ctx, row, { cancel: true, status: "cancelled", end: true }, "cancelled");
}

/** A person's word on what a run learned. Nobody reviews a run of their own. */
export async function reviewTrainingRun({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { runId: string; review: ReviewDecision };
}): Promise<TrainingRun> {
  const row = await requireRun(ctx, input.runId);
  if (row.phase !== null) return reviewFineTuning(ctx, input);
  const userId = actorUserId(ctx);
  if (userId === null || userId === row.created_by) {
    throw new ProblemError(
      "forbidden",
      "A run is reviewed by somebody other than the person who started it. Ask another reviewer.",
    );
  }
  if (row.status !== "completed")
    throw conflict(`The run is ${row.status ?? "pending"}: only a completed run can be reviewed.`);
  const after = await changeRun(ctx, row.id, row.revision, {
    reviewStatus: input.review.decision,
    reviewedBy: userId,
    reviewNotes: input.review.notes ?? null,
  });
  if (after === undefined) throw conflict("The run moved on while this was asked. Read it again.");
  await writeAudit(ctx, {
    action: "training-run.reviewed",
    entityType: "training_run",
    entityId: row.id,
    data: { decision: input.review.decision },
  });
  return presentTrainingRun(after);
}
