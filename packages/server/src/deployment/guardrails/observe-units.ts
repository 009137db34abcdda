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
  for (const observation of observations) observeUnit(tests, next, observation);
  return next;
}

/** Changes `state` by one unit. */
export function observeUnit(
  tests: GuardrailTests,
  state: GuardrailState,
  observation: UnitObservation,
): void {
  if (observation.metric === "error_rate") observeFailure(tests, state, observation);
  else if (observation.metric === "latency_ms") observeLatency(tests, state, observation);
  else {
    const side = observation.arm === "candidate" ? "canary" : "control";
    tests.satisfaction.observe(state.satisfaction, side, Math.min(1, Math.max(0, observation.value)));
  }
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

/**
 * Two views of a latency. Slow: above the factor times an upper limit of the control's 95th percentile, which one candidate unit in
 * twenty may be. In proportion: a candidate above the factor times the percentile itself weighs against a control above the
 * percentile; a candidate within the factor has no more of the one than the control has of the other, whatever both drift to.
 */
function observeLatency(
  tests: GuardrailTests,
  state: GuardrailState,
  { arm, value, share }: UnitObservation,
): void {
  const { limit } = state.latency;
  const reference = state.latencyReference;
  if (limit === null || reference === null) return;
  const slow = value > limit;
  const isCandidate = arm === "candidate";
  if (isCandidate) tests.latency.observe(state.latency, value);
  else {
    state.controlLatency.units += 1;
    if (slow) state.controlLatency.slow += 1;
  }
  if (share > EQUAL_SHARE || !state.latencyPaired) return;
  const side = isCandidate ? "canary" : "control";
  if (slow) tests.slowComparison.observeError(state.slowComparison, side, EQUAL_SHARE);
  if (value > (isCandidate ? reference * tests.latencyFactor : reference)) {
    tests.latencyRatio.observeError(state.latencyRatio, side, EQUAL_SHARE);
  }
}

/** Rank, from 1, of the estimate of the 95th percentile among this many values. */
export function percentileRank(count: number): number {
  return Math.max(1, Math.ceil(count * 0.95));
}
