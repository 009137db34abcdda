import { InvalidArgument, requireCount, requireOpenUnit, requirePositive } from "../invalid-argument.ts";
import { boundedMeanTest, type BoundedMeanState } from "./bounded-mean.ts";
import { upperOrderStatisticRank } from "./order-statistic.ts";

export interface LatencyOptions {
  readonly alpha: number;
  /** The quantile of the latency that is compared; default 0.95. */
  readonly quantile?: number;
  /** How many times the control's quantile the canary's may be; default 1.5. */
  readonly factor?: number;
}

/** Plain data: keep it as JSON between observations. */
export interface LatencyState {
  /** The latency above which a canary unit counts as slow; `null` while there are too few controls: hold. */
  limit: number | null;
  /** Number of the refresh that `limit` comes from, -1 before the first. */
  refresh: number;
  /** Canary units that came while there was a limit, slow ones as 1. */
  slow: BoundedMeanState;
}

export interface LatencyTest {
  start(): LatencyState;
  /**
   * Whether the limit has to be taken (anew) now that there are `controls` control units. Then find the `rank`-th smallest of all
   * their latencies so far (or anything above it, such as the upper edge of a sketch's bucket) and pass it to `refreshLimit`.
   */
  dueRefresh(state: LatencyState, controls: number): LatencyRefresh | undefined;
  /** Changes `state`; `latency` is the control latency at the rank of the refresh. */
  refreshLimit(state: LatencyState, due: LatencyRefresh, latency: number): void;
  /**
   * Changes `state`; `latency` of a canary unit, Infinity if it timed out. Returns whether the canary was found to be too slow, now
   * or before. Units that come while there is no limit are not counted.
   */
  observe(state: LatencyState, latency: number): boolean;
  lnEvidence(state: LatencyState): number;
}

export interface LatencyRefresh {
  readonly refresh: number;
  /** From 1, of the control latencies in ascending order. */
  readonly rank: number;
}

/** Of alpha, the part that pays for limits below the control's quantile; the test has the rest. */
const LIMITS_PART = 0.3;
/** A new limit each time the controls have grown by a quarter, with four fifths of the risk of the one before. */
const GROWTH = 1.25;
const RISK_DECAY = 0.8;

/**
 * Sequential test of "the canary's quantile is above factor times the control's": then more than 1 - quantile of the canary units
 * exceed factor times any upper limit of the control's quantile. A Bernoulli betting e-process on 1{latency > limit}, so that one
 * slow unit weighs no more than another and no moment of the latency needs to exist; the limit is an order statistic.
 *
 * The limit is taken anew as controls come in, since that of few controls is far above the quantile and finds little. All limits
 * together are wrong with probability at most 0.3 alpha, the test is with 0.7 alpha. At alpha = 0.05 / 3 the first limit is the 99.9 %
 * one and needs 135 controls.
 */
export function latencyTest(options: LatencyOptions): LatencyTest {
  const { alpha, quantile = 0.95, factor = 1.5 } = options;
  requireOpenUnit("alpha", alpha);
  requireOpenUnit("quantile", quantile);
  requirePositive("factor", factor);
  const slowUnits = boundedMeanTest({
    limit: 1 - quantile,
    breach: "above",
    alpha: alpha * (1 - LIMITS_PART),
  });
  const firstRisk = alpha * LIMITS_PART * (1 - RISK_DECAY);
  const firstRefresh = Math.ceil(Math.log(firstRisk) / Math.log(quantile) - 1e-9);

  return {
    start: () => ({ limit: null, refresh: -1, slow: slowUnits.start() }),
    dueRefresh(state, controls) {
      requireCount("controls", controls);
      if (controls < firstRefresh) return undefined;
      const refresh = Math.floor(Math.log(controls / firstRefresh) / Math.log(GROWTH));
      if (refresh <= state.refresh) return undefined;
      const rank = upperOrderStatisticRank(controls, quantile, 1 - firstRisk * RISK_DECAY ** refresh);
      return rank === undefined ? undefined : { refresh, rank };
    },
    refreshLimit(state, due, latency) {
      if (!(latency >= 0)) throw new InvalidArgument("latency", "a number of at least 0", latency);
      state.refresh = due.refresh;
      // JSON has no Infinity; controls that time out beyond the quantile leave nothing to compare with.
      state.limit = latency === Infinity ? null : latency * factor;
    },
    observe(state, latency) {
      if (!(latency >= 0)) throw new InvalidArgument("latency", "a number of at least 0", latency);
      if (state.limit === null) return state.slow.breachedAt !== null;
      return slowUnits.observe(state.slow, latency > state.limit ? 1 : 0);
    },
    lnEvidence: (state) => slowUnits.lnEvidence(state.slow),
  };
}
