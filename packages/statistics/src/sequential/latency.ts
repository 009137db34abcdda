import { InvalidArgument, requireCount, requireOpenUnit, requirePositive } from "../invalid-argument.ts";
import { lnBinomialLowerTail } from "../special-functions/binomial.ts";
import { boundedMeanTest, type BoundedMeanState } from "./bounded-mean.ts";

/**
 * The rank r, from 1, of the smallest order statistic that is an upper confidence limit of a quantile whatever the distribution:
 * P(Binomial(n, quantile) <= r - 1) >= confidence. `undefined` where even the largest of n is not (below 135 for the 99.9 %
 * limit of a p95).
 */
export function upperOrderStatisticRank(n: number, quantile: number, confidence: number): number | undefined {
  requireCount("n", n);
  requireOpenUnit("quantile", quantile);
  requireOpenUnit("confidence", confidence);
  const required = Math.log(confidence);
  const suffices = (rank: number): boolean => lnBinomialTailBelow(rank, n, quantile) >= required;
  if (n === 0 || !suffices(n)) return undefined;
  let [low, high] = [0, n];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (suffices(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function lnBinomialTailBelow(rank: number, n: number, quantile: number): number {
  return lnBinomialLowerTail(rank - 1, n, quantile);
}

export interface LatencyLimitOptions {
  /** How many times the control's quantile is too slow; default 1.5. */
  readonly factor?: number;
  /** Default 0.95. */
  readonly quantile?: number;
  /** Of the upper limit of the control's quantile; default 0.999. What is missing to 1 adds to the test's alpha. */
  readonly confidence?: number;
}

/**
 * The latency above which a canary unit counts as slow: factor times the upper confidence limit of the control's quantile. Take it
 * once, before the canary units that are compared with it. `undefined` means that there are too few controls: hold.
 *
 * @param controls latencies of control units, in any order and unit of time
 */
export function latencyLimit(
  controls: ArrayLike<number>,
  options: LatencyLimitOptions = {},
): number | undefined {
  const { factor = 1.5, quantile = 0.95, confidence = 0.999 } = options;
  requirePositive("factor", factor);
  const rank = upperOrderStatisticRank(controls.length, quantile, confidence);
  const sorted = Float64Array.from(controls).sort();
  // NaN sorts to the end and would pass for the largest latency.
  if (sorted.length > 0 && Number.isNaN(sorted[sorted.length - 1])) {
    throw new InvalidArgument("controls", "a list of numbers", Number.NaN);
  }
  return rank === undefined ? undefined : factor * (sorted[rank - 1] as number);
}

export interface LatencyOptions {
  readonly alpha: number;
  /** As given to `latencyLimit`; default 0.95, so that one in twenty canary units may be slow. */
  readonly quantile?: number;
}

export interface LatencyTest {
  start(): BoundedMeanState;
  /**
   * Changes `state`. `limit` is what `latencyLimit` gave before this unit came. Returns whether the canary was found to be too slow,
   * now or before.
   */
  observe(state: BoundedMeanState, latency: number, limit: number): boolean;
  lnEvidence(state: BoundedMeanState): number;
}

/**
 * Sequential test of "the canary's quantile is above factor times the control's": then more than 1 - quantile of the canary units
 * exceed the limit. A Bernoulli e-process on 1{latency > limit}, so one slow unit weighs no more than another and no moment of
 * the latency needs to exist. A unit that timed out is Infinity.
 */
export function latencyTest(options: LatencyOptions): LatencyTest {
  const { quantile = 0.95 } = options;
  requireOpenUnit("quantile", quantile);
  const slowUnits = boundedMeanTest({ limit: 1 - quantile, breach: "above", alpha: options.alpha });
  return {
    start: () => slowUnits.start(),
    observe(state, latency, limit) {
      requirePositive("limit", limit);
      if (!(latency >= 0)) throw new InvalidArgument("latency", "a number of at least 0", latency);
      return slowUnits.observe(state, latency > limit ? 1 : 0);
    },
    lnEvidence: (state) => slowUnits.lnEvidence(state),
  };
}
