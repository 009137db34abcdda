import type { DropState, GuardrailState, GuardrailTests, RiseState } from "./guardrail-state.ts";
import type { WatchedGuardrail } from "./watched-guardrails.ts";

/** Too many failures, or more than the control has. */
export function isRateBroken({ errorRate, errorComparison }: GuardrailState): boolean {
  return errorRate.breachedAt !== null || errorComparison.breachedAt !== null;
}

export function isDropBroken({ seen }: DropState): boolean {
  return seen.pairs.breachedAt !== null;
}

/** Too high in proportion to the control, or too often above the limit while the control is less often. */
export function isRiseBroken(rise: RiseState): boolean {
  return rise.ratio.breachedAt !== null || isTooOftenAbove(rise);
}

export function isTooOftenAbove({ seen, slowComparison }: RiseState): boolean {
  return seen.slow.breachedAt !== null && slowComparison.breachedAt !== null;
}

/**
 * The first guardrail whose tests have found the candidate past its limit, which stays: what rolls back at any moment, whatever else
 * is known. A few comparisons, for a look after every unit.
 */
export function brokenGuardrail(
  { watched }: GuardrailTests,
  state: GuardrailState,
): WatchedGuardrail | undefined {
  for (const guardrail of watched) {
    const { name, kind } = guardrail;
    if (kind === "rate" && isRateBroken(state)) return guardrail;
    if (kind === "drop" && isDropBroken(state.drops[name] as DropState)) return guardrail;
    if (kind === "rise" && isRiseBroken(state.rises[name] as RiseState)) return guardrail;
  }
  return undefined;
}
