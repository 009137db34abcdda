import type { MetricPoint, Observation, TrainingFault } from "./backends/backend.ts";
import type { RunState } from "./run-state.ts";

/** Seconds, by the database's clock. */
export interface Patience {
  /** From submission, or the last sign of a queue that it waits in, to the first sign of life. */
  start: number;
  /** Without a sign of life. */
  silence: number;
  /** Without a further step while it says that it runs. */
  stall: number;
}

export const PATIENCE: Patience = { start: 600, silence: 180, stall: 3_600 };
/** How often a run is submitted again after a fault of what is around it. */
export const MOST_FAULTS = 3;

export type Finding =
  | { kind: "wait" }
  | { kind: "running" }
  | { kind: "paused" }
  | { kind: "finished" }
  | { kind: "cancelled" }
  /** `stop`: the trainer must be stopped first. */
  | { kind: "broken"; fault: TrainingFault; stop: boolean; lost: boolean };

/** Whether a point holds a number that is none. */
export function isBroken(point: MetricPoint): boolean {
  return point.loss === null || (typeof point.loss === "number" && !Number.isFinite(point.loss));
}

/** What has been seen, noted down with when it was. */
export function withSights(state: RunState, seen: Observation, now: Date): RunState {
  const at = now.toISOString();
  // A paused run may stand as long as people like: its time begins anew when it goes on.
  const rests = seen.status === "paused";
  const beat =
    seen.heartbeat === undefined || (!rests && seen.heartbeat === state.beat?.value)
      ? state.beat
      : { value: seen.heartbeat, at };
  const step =
    seen.step === null || (!rests && seen.step === state.step?.value) ? state.step : { value: seen.step, at };
  return {
    ...state,
    handle: seen.handle ?? state.handle,
    cursor: seen.cursor,
    log_lines: state.log_lines + seen.log.length,
    beat,
    step,
  };
}

/** What to make of a look at a run: the watchdogs for numbers that are none, silence and standstill. */
export function judge(seen: Observation, state: RunState, now: Date, patience: Patience = PATIENCE): Finding {
  const broken = seen.metrics.find(isBroken);
  if (broken !== undefined) {
    const message = `The loss at step ${broken.step} is not a number. Lower hyperparameters.learning_rate, or look for damaged rows.`;
    return { kind: "broken", fault: { kind: "numeric", message }, stop: true, lost: false };
  }
  if (seen.status === "finished" || seen.status === "paused" || seen.status === "cancelled")
    return { kind: seen.status };
  if (seen.status === "failed") {
    const fault = seen.fault ?? { kind: "internal", message: "The trainer failed and did not say why." };
    return { kind: "broken", fault, stop: false, lost: false };
  }
  if (seen.status === "gone") {
    const message = seen.fault?.message ?? "The trainer died without a word.";
    return { kind: "broken", fault: { kind: "infrastructure", message }, stop: false, lost: true };
  }
  const since = (at: string | undefined | null): number =>
    at === undefined || at === null ? 0 : (now.getTime() - Date.parse(at)) / 1_000;
  const silent = (message: string): Finding => ({
    kind: "broken",
    fault: { kind: "infrastructure", message },
    stop: true,
    lost: true,
  });
  if (seen.status === "waiting") {
    // In a queue that says so, it may wait for as long as the queue is.
    const quiet = Math.min(since(state.submitted_at), state.beat === null ? Infinity : since(state.beat.at));
    return quiet > patience.start
      ? silent(`The trainer has not begun ${patience.start} seconds after it was started.`)
      : { kind: "wait" };
  }
  if (since(state.beat?.at) > patience.silence)
    return silent(`The trainer has given no sign of life for ${patience.silence} seconds.`);
  if (since(state.step?.at) > patience.stall)
    return silent(`The trainer has stood at step ${state.step?.value ?? 0} for ${patience.stall} seconds.`);
  return { kind: "running" };
}
