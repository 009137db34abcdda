import type { FineTuningPhase, JsonValue } from "@agent-learning/contract";
import type { Context } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import type { TrainingRunRow } from "../training-runs/present-training-run.ts";
import type { TrainingBackend, TrainingFault, TrainingPlan } from "./backends/backend.ts";
import { moveRun } from "./move.ts";
import { canMove } from "./phases.ts";
import { type BackendHandle, stateOf } from "./run-state.ts";
import { MOST_FAULTS } from "./watch.ts";

/** `environment`: something is not set up here. `evaluation`: what it made is no better. */
export interface RunFault {
  kind: TrainingFault["kind"] | "environment" | "evaluation";
  message: string;
}

const ADVICE: Readonly<Record<RunFault["kind"], string>> = {
  data: "Mend the dataset and start a new run.",
  numeric: "Change the hyperparameters and start a new run.",
  infrastructure: "It was tried several times. Mend what is around the trainer and start a new run.",
  internal: "Look at the log of the run, and report what you cannot explain.",
  environment: "Set up what is missing and start a new run.",
  evaluation: "Nothing is released. Look at the compared rows before you train again.",
};

/** What a message of another program may bring into the database. */
function clean(message: string): string {
  return message.replaceAll("\0", "").toWellFormed().slice(0, 2_000);
}

/**
 * Ends a run that went wrong, or, for a fault of what is around the trainer, has it submitted again. The agent stays as it is.
 * @returns false: there is nothing more to do now
 */
export async function failRun(
  ctx: Context,
  row: TrainingRunRow,
  backend: TrainingBackend,
  plan: TrainingPlan,
  fault: RunFault,
  more: {
    lost?: boolean;
    reasons?: string[];
    metrics?: Record<string, JsonValue>;
    /** Seconds to wait before each further try. */
    wait?: readonly number[];
  } = {},
): Promise<boolean> {
  const state = stateOf(row);
  const message = clean(fault.message);
  const from = row.phase as FineTuningPhase;
  const mayRetry = fault.kind === "infrastructure" && canMove(from, "queued");
  if (mayRetry && state !== undefined && state.faults < MOST_FAULTS) {
    const faults = state.faults + 1;
    const attempt = state.attempt + 1;
    const wait = more.wait?.[state.faults] ?? 0;
    await ctx.transact(async (tenant) => {
      const after = new Date((await learningNow(tenant.tx)).getTime() + wait * 1_000);
      const not_before = wait === 0 ? null : after.toISOString();
      return moveRun(tenant, row, {
        to: "queued",
        event: "retried",
        data: { message, attempt, wait_seconds: wait },
        change: { checkpoint: { ...state, faults, attempt, not_before, beat: null, step: null } },
      });
    });
    // Not at once: what broke may need a moment.
    return false;
  }
  const to = more.lost === true && canMove(from, "lost") ? "lost" : "failed";
  await ctx.transact((tenant) =>
    moveRun(tenant, row, {
      to,
      data: { message, kind: fault.kind, ...(more.reasons === undefined ? {} : { reasons: more.reasons }) },
      change: {
        error: { kind: fault.kind, message, advice: ADVICE[fault.kind] },
        ...(more.metrics === undefined ? {} : { metrics: more.metrics }),
      },
    }),
  );
  await forgetRun(ctx, backend, plan, state?.handle);
  return false;
}

/** Has the back end remove what it kept of an ended run. What cannot be removed ends nothing else. */
export async function forgetRun(
  ctx: Context,
  backend: TrainingBackend,
  plan: TrainingPlan,
  handle: BackendHandle | null | undefined,
): Promise<void> {
  await backend.forget(handle ?? backend.reserve(plan, plan.runId)).catch((error: unknown) => {
    ctx.services.log.warn("what a run left behind could not be removed", { runId: plan.runId, error });
  });
}
