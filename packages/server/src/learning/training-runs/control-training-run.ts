import type { ReviewDecision, TrainingRun } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { updateReview } from "../../administration/versions/index.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { conflict, ProblemError } from "../../http/index.ts";
import { cancelFineTuning, reviewFineTuning } from "../fine-tuning/control.ts";
import { decisionOfRun } from "../approvals/decision-of-run.ts";
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

/** @returns whether they contributed to it and decide all the same, because nobody else can. @throws ProblemError forbidden */
async function requireDecider(ctx: TenantContext, row: TrainingRunRow, userId: string): Promise<boolean> {
  const answer = await decisionOfRun(ctx, row, userId);
  if (!answer.may) throw new ProblemError("forbidden", answer.why);
  return answer.contributed;
}

/** The run and its candidate are one task: the same word decides on both. */
async function reviewCandidate(
  ctx: TenantContext,
  row: TrainingRunRow,
  userId: string,
  review: ReviewDecision,
): Promise<void> {
  const { candidate_version_id: versionId } = row;
  if (versionId === null) return;
  const version = await updateReview(ctx, versionId, {
    status: review.decision,
    reviewedBy: userId,
    notes: review.notes ?? null,
  });
  await writeAudit(ctx, {
    action: `agent_version.${review.decision}`,
    entityType: "agent_version",
    entityId: versionId,
    data: { agent_id: row.agent_id, number: version.number, training_run_id: row.id },
  });
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
  const contributed = row.training_type === "behavior_learning" && (await requireDecider(ctx, row, userId));
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
    data: { decision: input.review.decision, ...(contributed ? { decided_by_contributor: true } : {}) },
  });
  if (row.training_type === "behavior_learning") await reviewCandidate(ctx, row, userId, input.review);
  return presentTrainingRun(after);
}
