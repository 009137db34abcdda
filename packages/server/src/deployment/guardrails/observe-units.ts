import type { DropState, GuardrailState, GuardrailTests, RiseState, RiseTests } from "./guardrail-state.ts";

/** The first outcome of a unit, about to enter the tests. */
export interface UnitObservation {
  metric: string;
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

/** Changes `state` by one unit. A metric that no guardrail watches changes nothing. */
export function observeUnit(
  tests: GuardrailTests,
  state: GuardrailState,
  observation: UnitObservation,
): void {
  const guardrail = tests.byMetric.get(observation.metric);
  if (guardrail === undefined) return;
  if (guardrail.kind === "rate") observeFailure(tests, state, observation);
  else if (guardrail.kind === "drop") {
    const side = observation.arm === "candidate" ? "canary" : "control";
    const drop = state.drops[guardrail.name] as DropState;
    tests.drops[guardrail.name]?.observe(drop.seen, side, Math.min(1, Math.max(0, observation.value)));
  } else {
    observeRise(
      tests.rises[guardrail.name] as RiseTests,
      state.rises[guardrail.name] as RiseState,
      observation,
    );
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
 * Two views of a latency (or cost). Slow: above the factor times an upper limit of the control's 95th percentile, which one
 * candidate unit in twenty may be. In proportion: a candidate above the factor times the percentile itself weighs against a control
 * above the percentile; a candidate within the factor has no more of the one than the control has of the other, whatever both
 * drift to.
 */
function observeRise(tests: RiseTests, state: RiseState, { arm, value, share }: UnitObservation): void {
  const { limit } = state.seen;
  const { reference } = state;
  if (limit === null || reference === null) return;
  const slow = value > limit;
  const isCandidate = arm === "candidate";
  if (isCandidate) tests.seen.observe(state.seen, value);
  else {
    state.control.units += 1;
    if (slow) state.control.slow += 1;
  }
  if (share > EQUAL_SHARE || !state.paired) return;
  const side = isCandidate ? "canary" : "control";
  if (slow) tests.slowComparison.observeError(state.slowComparison, side, EQUAL_SHARE);
  if (value > (isCandidate ? reference * tests.factor : reference)) {
    tests.ratio.observeError(state.ratio, side, EQUAL_SHARE);
  }
}

/** Rank, from 1, of the estimate of the 95th percentile among this many values. */
export function percentileRank(count: number): number {
  return Math.max(1, Math.ceil(count * 0.95));
}
