import type { FineTuningPhase, ReviewDecision, TrainingRun } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { actorUserId, type Context, type TenantContext } from "../../context.ts";
import { conflict, ProblemError } from "../../http/index.ts";
import { presentTrainingRun, type TrainingRunRow } from "../training-runs/present-training-run.ts";
import { appendEvent, changeRun, readRun } from "../training-runs/store.ts";
import { requireRun } from "../training-runs/require-run.ts";
import { inspect } from "./estimate.ts";
import { FINE_TUNING_JOB } from "./fine-tuning-trainer.ts";
import { type Move, moveRun } from "./move.ts";
import { CANCELLABLE } from "./phases.ts";
import { planOf } from "./plan-of.ts";
import { stateOf } from "./run-state.ts";
import { reviewMadeVersion } from "./store.ts";

const MOVED_ON = "The run moved on while this was asked. Read it again.";

/** @throws ProblemError not-found; conflict for another way of learning */
export async function requireFineTuning(
  ctx: TenantContext,
  runId: string,
): Promise<TrainingRunRow & { phase: FineTuningPhase }> {
  const row = await requireRun(ctx, runId);
  if (row.phase === null) {
    throw conflict(
      `The run is one of ${row.training_type}, which starts by itself; this is for fine-tuning.`,
    );
  }
  return { ...row, phase: row.phase as FineTuningPhase };
}

async function mustMove(ctx: TenantContext, row: TrainingRunRow, move: Move): Promise<TrainingRun> {
  const after = await moveRun(ctx, row, move);
  if (after === undefined) throw conflict(MOVED_ON);
  await wake(ctx, row.id);
  return presentTrainingRun(after);
}

async function wake(ctx: TenantContext, runId: string): Promise<void> {
  await ctx.services.jobs.enqueue(ctx, FINE_TUNING_JOB, { runId }, { singletonKey: runId });
}

/**
 * A person starts a draft. What can be seen to be in its way is said now; the rest is looked at before anything is submitted.
 * @throws ProblemError conflict: no draft, or this server lacks something; unprocessable: the dataset cannot be trained on
 */
export async function startFineTuning(ctx: Context, runId: string): Promise<TrainingRun> {
  const { row, planned } = await ctx.transact(async (tenant) => {
    const found = await requireFineTuning(tenant, runId);
    if (found.phase !== "draft") throw conflict(`The run is ${found.phase}; only a draft can be started.`);
    return { row: found, planned: await planOf(tenant, found) };
  });
  const { problems, missing } = await inspect(ctx, planned, true);
  if (missing.length > 0) throw conflict(`The run cannot start on this server. ${missing.join(" ")}`);
  if (problems.length > 0) {
    throw new ProblemError("unprocessable", `The run cannot start. ${problems.join(" ")}`, {
      errors: problems.map((message) => ({ path: "run.dataset_id", message })),
    });
  }
  return ctx.transact((tenant) => {
    const launcher = actorUserId(tenant);
    const change = launcher === null ? {} : { launchedBy: launcher };
    return mustMove(tenant, row, { to: "validating", event: "started", change });
  });
}

/** @throws ProblemError conflict unless it runs (pause) or is paused (resume), or where the back end cannot */
export async function pauseOrResume(
  ctx: TenantContext,
  { runId, command }: { runId: string; command: "pause" | "resume" },
): Promise<TrainingRun> {
  const row = await requireFineTuning(ctx, runId);
  const needed = command === "pause" ? "running" : "paused";
  const state = stateOf(row);
  if (row.phase !== needed || state === undefined)
    throw conflict(`The run is ${row.phase}; to ${command} it, it must be ${needed}.`);
  const { backend } = await planOf(ctx, row);
  if (!backend.canPause)
    throw conflict(`The back end ${backend.name} cannot pause a run; cancel it instead.`);
  const wanted = command === "pause" ? "pause" : "run";
  const after = await changeRun(ctx, row.id, row.revision, { checkpoint: { ...state, wanted } });
  if (after === undefined) throw conflict(MOVED_ON);
  await appendEvent(ctx, row.id, `${command}-requested`, {});
  await writeAudit(ctx, {
    action: `training-run.${command}-requested`,
    entityType: "training_run",
    entityId: row.id,
  });
  await wake(ctx, row.id);
  return presentTrainingRun(after);
}

/** Ends a run at once where nothing is submitted yet or any more; else asks the back end to stop. */
export async function cancelFineTuning(ctx: TenantContext, runId: string): Promise<TrainingRun> {
  const row = await requireFineTuning(ctx, runId);
  if (!CANCELLABLE.includes(row.phase))
    throw conflict(`The run is ${row.phase}; there is nothing to cancel.`);
  const submitted = ["queued", "running", "paused", "evaluating"].includes(row.phase);
  if (!submitted) return mustMove(ctx, row, { to: "cancelled", change: { cancel: true } });
  const after = await changeRun(ctx, row.id, row.revision, { cancel: true });
  if (after === undefined) throw conflict(MOVED_ON);
  await appendEvent(ctx, row.id, "cancel-requested", {});
  await writeAudit(ctx, {
    action: "training-run.cancel-requested",
    entityType: "training_run",
    entityId: row.id,
  });
  await wake(ctx, row.id);
  return presentTrainingRun(after);
}

/**
 * A reviewer's word on what a run made, which is its word on the version too. Approved, it goes to staging; rejected, the run ends and the
 * agent stays as it is.
 * @throws ProblemError forbidden for own work; conflict unless it waits for a review
 */
export async function reviewFineTuning(
  ctx: TenantContext,
  { runId, review }: { runId: string; review: ReviewDecision },
): Promise<TrainingRun> {
  const row = await requireFineTuning(ctx, runId);
  const userId = actorUserId(ctx);
  if (userId === null || userId === row.created_by || userId === row.launched_by) {
    throw new ProblemError(
      "forbidden",
      "A run is reviewed by somebody other than the person who drafted or started it. Ask another reviewer.",
    );
  }
  if (row.phase !== "awaiting_review")
    throw conflict(`The run is ${row.phase}: only one that awaits its review can be reviewed.`);
  const approved = review.decision === "approved";
  const { gate } = (row.metrics ?? {}) as { gate?: { interval?: unknown } };
  if (approved && row.candidate_version_id !== null && gate?.interval === undefined)
    throw conflict("The run has no evaluation to approve it by.");
  if (row.candidate_version_id !== null) {
    await reviewMadeVersion(ctx, row.candidate_version_id, {
      status: review.decision,
      reviewedBy: userId,
      notes: review.notes ?? null,
    });
  }
  return mustMove(ctx, row, {
    to: approved ? "approved" : "cancelled",
    event: approved ? "approved" : "rejected",
    change: { reviewStatus: review.decision, reviewedBy: userId, reviewNotes: review.notes ?? null },
  });
}

/**
 * Notes what became of a candidate in production: called where a rollout ends or is undone, in its transaction. A run of another way of
 * learning, or one that is not as far, stays as it is.
 */
export async function noteRelease(
  ctx: TenantContext,
  { runId, outcome }: { runId: string; outcome: "promoted" | "rolled_back" },
): Promise<void> {
  const row = await readRun(ctx, runId);
  const from = { promoted: ["staging", "rolled_back"], rolled_back: ["staging", "promoted"] }[outcome];
  if (row === undefined || row.phase === null || !from.includes(row.phase)) return;
  if ((await moveRun(ctx, row, { to: outcome })) === undefined) throw conflict(MOVED_ON);
}
