import type { FineTuningPhase } from "@agent-learning/contract";
import type { Context } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import type { TrainingRunRow } from "../training-runs/present-training-run.ts";
import { appendEvent, changeRun, readRun } from "../training-runs/store.ts";
import {
  type TrainingBackend,
  type TrainingFault,
  type TrainingPlan,
  TrainingRefused,
} from "./backends/backend.ts";
import { evaluateRun } from "./evaluate.ts";
import { inspect } from "./estimate.ts";
import { failRun } from "./fail.ts";
import { followRun } from "./follow.ts";
import { moveRun } from "./move.ts";
import { planOf } from "./plan-of.ts";
import { type RunState, stateOf } from "./run-state.ts";
import { stageRun } from "./stage.ts";

export interface Step {
  ctx: Context;
  row: TrainingRunRow;
  state: RunState;
  plan: TrainingPlan;
  backend: TrainingBackend;
  signal: AbortSignal;
}

/** Does what there is to do for a run now. @returns whether there may be more to do at once */
type StepOf = (step: Step) => Promise<boolean>;

const STEPS: Readonly<Partial<Record<FineTuningPhase, StepOf>>> = {
  validating: validate,
  queued: submit,
  running: followRun,
  paused: followRun,
  evaluating: evaluateRun,
  approved: stageRun,
};

const ERASED: TrainingFault = {
  kind: "data",
  message:
    "Examples that the run learns from were erased while it ran. Start a new run from the dataset that replaces this one.",
};

/**
 * Moves a run on as far as it can go now, one compare-and-set after the other. Idempotent: of any number of workers at a run each
 * move is made once, and a killed one leaves it where the next finds it.
 */
export async function advanceFineTuning({
  ctx,
  runId,
  signal,
}: {
  ctx: Context;
  runId: string;
  signal: AbortSignal;
}): Promise<void> {
  for (let again = true; again;) {
    signal.throwIfAborted();
    const row = await ctx.transact((tenant) => readRun(tenant, runId));
    const step = row === undefined ? undefined : STEPS[row.phase as FineTuningPhase];
    if (row === undefined || step === undefined) return;
    const { plan, backend } = await ctx.transact((tenant) => planOf(tenant, row));
    const state = stateOf(row);
    if (state === undefined) {
      await backend.cancel(backend.reserve(plan, row.id), true);
      await failRun(ctx, row, backend, plan, ERASED);
      return;
    }
    again = await step({ ctx, row, state, plan, backend, signal });
  }
}

/** Looks at everything again: between the draft and now the dataset, the policy and the server may have changed. */
async function validate({ ctx, row, state, plan, backend }: Step): Promise<boolean> {
  const { problems, missing, warnings, counts } = await inspect(ctx, { plan, backend }, false);
  const reasons = [...missing, ...problems];
  if (reasons.length > 0) {
    const kind = missing.length > 0 ? "environment" : "data";
    return failRun(ctx, row, backend, plan, { kind, message: reasons.join(" ") }, { reasons });
  }
  const handle = backend.reserve(plan, row.id);
  const { train, validation, test, tokens } = counts;
  const metrics = { rows: { train, validation, test }, tokens: tokens * plan.hyperparameters.epochs };
  const moved = await ctx.transact((tenant) =>
    moveRun(tenant, row, {
      to: "queued",
      data: { warnings },
      change: { checkpoint: { ...state, handle }, metrics },
    }),
  );
  return moved !== undefined;
}

/** Gives it to the back end. The handle is in the database already: who takes over after a crash asks for the same run. */
async function submit({ ctx, row, state, plan, backend }: Step): Promise<boolean> {
  if (row.cancel_requested_at !== null) return followRun({ ctx, row, state, plan, backend, signal: NEVER });
  // The time is noted first, so that waiting for what never came has an end.
  const noted = await ctx.transact(async (tenant) => {
    const at = (await learningNow(tenant.tx)).toISOString();
    if (state.not_before !== null && at < state.not_before) return "waits";
    const next = { ...state, not_before: null, submitted_at: at, beat: null, step: null };
    const after = await changeRun(tenant, row.id, row.revision, { checkpoint: next });
    if (after !== undefined) await appendEvent(tenant, row.id, "submitted", { attempt: state.attempt });
    return after === undefined ? undefined : { row: after, state: next };
  });
  if (noted === "waits") return false;
  if (noted === undefined) return true;
  const reserved = noted.state.handle ?? backend.reserve(plan, row.id);
  let handle: RunState["handle"];
  try {
    handle = await backend.submit(ctx, plan, reserved, noted.state.attempt);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const kind = error instanceof TrainingRefused ? error.kind : "infrastructure";
    const wait = backend.retrySeconds ?? [];
    return failRun(ctx, noted.row, backend, plan, { kind, message }, { wait });
  }
  const moved = await ctx.transact((tenant) =>
    moveRun(tenant, noted.row, {
      to: "running",
      data: { attempt: state.attempt },
      change: { checkpoint: { ...noted.state, handle } },
    }),
  );
  return moved !== undefined;
}

const NEVER = new AbortController().signal;
