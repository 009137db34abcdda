import type { FineTuningPhase, JsonValue } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import type { TrainingRunRow } from "../training-runs/present-training-run.ts";
import { appendEvent, changeRun, type RunChange } from "../training-runs/store.ts";
import type { Step } from "./advance.ts";
import { type MetricPoint, type Observation, TrainingRefused } from "./backends/backend.ts";
import { failRun, forgetRun } from "./fail.ts";
import { type Move, moveRun } from "./move.ts";
import type { RunState } from "./run-state.ts";
import { judge, PATIENCE, withSights } from "./watch.ts";

/** Seconds that a trainer has for stopping in good order. */
const STOP_SECONDS = 30;
/** What one look may add to the run's events, and all of them. */
const MOST_POINTS = 200;
const MOST_LINES = 100;
const MOST_LINES_IN_ALL = 5_000;
const LONGEST_LINE = 500;

/** A look at a run that is at its back end: what people asked for, what has happened since, and what follows. */
export async function followRun(step: Step): Promise<boolean> {
  const { ctx, backend, plan } = step;
  let { row, state } = step;
  const phase = row.phase as FineTuningPhase;
  const handle = state.handle ?? backend.reserve(plan, row.id);
  const now = await ctx.transact((tenant) => learningNow(tenant.tx));
  const stops = row.cancel_requested_at !== null;
  if (stops) {
    if (state.submitted_at === null) return cancel(step, row);
    state = { ...state, stopping_at: state.stopping_at ?? now.toISOString() };
    await backend.cancel(handle, isLate(state, now));
  } else if (phase === "running" && state.wanted === "pause") {
    const refusal = await refusalOf(backend.pause(handle));
    if (refusal !== undefined) state = { ...state, wanted: "run" };
    if (refusal !== undefined)
      await ctx.transact((tenant) => appendEvent(tenant, row.id, "pause-refused", { message: refusal }));
  } else if (phase === "paused" && state.wanted === "run" && !(await backend.resume(handle))) {
    const checkpoint = { ...state, attempt: state.attempt + 1 };
    const moved = await move(step, row, { to: "queued", event: "resumed", change: { checkpoint } });
    return moved !== undefined;
  }

  const seen = await look(step, state);
  const next = withSights(state, seen, now);
  const finding = judge(seen, next, now, { ...PATIENCE, ...backend.patience });
  const noted = await ctx.transact((tenant) => note(tenant, row, next, seen));
  if (noted === undefined) return true;
  row = noted;

  switch (finding.kind) {
    case "wait":
      return stops && isLate(state, now) ? cancel(step, row) : false;
    case "running":
      if (phase === "paused") await move(step, row, { to: "running", event: "resumed" });
      return false;
    case "paused":
      if (phase === "running") await move(step, row, { to: "paused" });
      return false;
    case "finished":
      if (stops) return cancel(step, row);
      return (await move(step, row, trained(row, now))) !== undefined;
    case "cancelled":
      return cancel(step, row);
    case "broken":
      if (finding.stop) await backend.cancel(handle, true);
      if (stops) return cancel(step, row);
      return failRun(ctx, row, backend, plan, finding.fault, { lost: finding.lost });
    default:
      return finding satisfies never;
  }
}

/** Why a back end will not do what it was asked, in words; undefined: it does. */
async function refusalOf(asked: Promise<void>): Promise<string | undefined> {
  try {
    await asked;
    return undefined;
  } catch (error) {
    if (error instanceof TrainingRefused) return error.message;
    throw error;
  }
}

/** Whether a trainer that was asked to stop has had its time. */
function isLate({ stopping_at: at }: RunState, now: Date): boolean {
  return at !== null && now.getTime() - Date.parse(at) >= STOP_SECONDS * 1_000;
}

/** With what it took, for the next estimate. */
function trained(row: TrainingRunRow, now: Date): Move {
  const metrics = (row.metrics ?? {}) as { tokens?: number };
  const seconds = (now.getTime() - (row.started_at ?? now).getTime()) / 1_000;
  const { tokens = 0 } = metrics;
  const took = tokens > 0 ? { training_seconds: seconds, seconds_per_token: seconds / tokens } : {};
  return { to: "evaluating", event: "trained", change: { metrics: { ...metrics, ...took } } };
}

async function move({ ctx }: Step, row: TrainingRunRow, to: Move): Promise<TrainingRunRow | undefined> {
  return ctx.transact((tenant) => moveRun(tenant, row, to));
}

async function cancel(step: Step, row: TrainingRunRow): Promise<boolean> {
  await move(step, row, { to: "cancelled" });
  const { ctx, backend, plan, state } = step;
  await forgetRun(ctx, backend, plan, state.handle);
  return false;
}

/** A back end that does not answer shows nothing new; the watchdog for silence decides when that is too long. */
async function look({ ctx, backend, plan, row }: Step, state: RunState): Promise<Observation> {
  const handle = state.handle ?? backend.reserve(plan, row.id);
  try {
    return await backend.poll(ctx, handle, state.cursor);
  } catch (error) {
    ctx.services.log.warn("a training back end did not answer", { runId: row.id, error });
    return {
      status: "running",
      step: state.step?.value ?? null,
      totalSteps: row.total_steps,
      heartbeat: state.beat?.value,
      metrics: [],
      log: [],
      cursor: state.cursor,
    };
  }
}

/** Writes down what a look showed. Nothing new, nothing written. @returns undefined: somebody else was faster */
async function note(
  ctx: TenantContext,
  row: TrainingRunRow,
  state: RunState,
  seen: Observation,
): Promise<TrainingRunRow | undefined> {
  const change: RunChange = { checkpoint: state };
  if (seen.step !== null) change.currentStep = seen.step;
  if (seen.totalSteps !== null) change.totalSteps = seen.totalSteps;
  if (seen.step !== null && seen.totalSteps !== null && seen.totalSteps > 0)
    change.progressPercentage = Math.min(95, Math.floor((95 * seen.step) / seen.totalSteps));
  const last = seen.metrics.at(-1);
  if (last !== undefined)
    change.metrics = { ...(row.metrics as Record<string, JsonValue>), last: plain(last) };
  const after = await changeRun(ctx, row.id, row.revision, change);
  if (after === undefined) return undefined;
  if (seen.metrics.length > 0)
    await appendEvent(ctx, row.id, "metrics", { points: thin(seen.metrics).map(plain) });
  const room = MOST_LINES_IN_ALL - (state.log_lines - seen.log.length);
  const lines = seen.log.slice(-Math.min(MOST_LINES, Math.max(0, room))).map(cut);
  if (room > 0 && lines.length > 0) await appendEvent(ctx, row.id, "log", { lines });
  return after;
}

/** Every n-th point, and the last: a curve needs no more. */
function thin(points: readonly MetricPoint[]): readonly MetricPoint[] {
  const every = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, index) => index % every === 0 || index === points.length - 1);
}

/** As JSON: what is not a number is null there. */
function plain(point: MetricPoint): Record<string, JsonValue> {
  return JSON.parse(JSON.stringify(point)) as Record<string, JsonValue>;
}

function cut(line: string): string {
  return line.replaceAll("\0", "").toWellFormed().slice(0, LONGEST_LINE);
}
