import type { GuardrailState, GuardrailTests } from "./guardrail-state.ts";

/** The first outcome of a unit, about to enter the tests. */
export interface UnitObservation {
  metric: "error_rate" | "satisfaction" | "latency_ms";
  arm: "candidate" | "control";
  value: number;
  /** Share of the candidate when the unit was exposed. */
  share: number;
}

/** Up to half of the traffic, candidate and control are of equal size: the next unit is either's with chance one half. */
const EQUAL_SHARE = 0.5;

/**
 * The state after these units, each counted once. Comparisons of failures (and of slow units) between the arms take units that
 * were exposed while the arms were of equal size; beyond half of the traffic they no longer are.
 */
export function observeUnits(
  tests: GuardrailTests,
  state: GuardrailState,
  observations: readonly UnitObservation[],
): GuardrailState {
  const next = structuredClone(state);
  for (const observation of observations) {
    if (observation.metric === "error_rate") observeFailure(tests, next, observation);
    else if (observation.metric === "latency_ms") observeLatency(tests, next, observation);
    else {
      const side = observation.arm === "candidate" ? "canary" : "control";
      tests.satisfaction.observe(next.satisfaction, side, Math.min(1, Math.max(0, observation.value)));
    }
  }
  return next;
}

function observeFailure(
  tests: GuardrailTests,
  state: GuardrailState,
  { arm, value, share }: UnitObservation,
): void {
  const failed = value > 0;
  if (arm === "candidate") tests.errorRate.observe(state.errorRate, failed);
  if (failed && share <= EQUAL_SHARE) {
    const side = arm === "candidate" ? "canary" : "control";
    tests.errorComparison.observeError(state.errorComparison, side, EQUAL_SHARE);
  }
}

function observeLatency(
  tests: GuardrailTests,
  state: GuardrailState,
  { arm, value, share }: UnitObservation,
): void {
  const { limit } = state.latency;
  if (limit === null) return;
  const slow = value > limit;
  if (arm === "candidate") tests.latency.observe(state.latency, value);
  else {
    state.controlLatency.units += 1;
    if (slow) state.controlLatency.slow += 1;
  }
  if (slow && share <= EQUAL_SHARE) {
    const side = arm === "candidate" ? "canary" : "control";
    tests.slowComparison.observeError(state.slowComparison, side, EQUAL_SHARE);
  }
}
