import { InvalidArgument, requireOpenUnit, requirePositive } from "../invalid-argument.ts";
import { lnSum } from "../special-functions/logarithms.ts";

export interface ErrorComparisonOptions {
  readonly alpha: number;
  /** How many times the control's error rate the canary's may be; default 1. Above 1 identical arms hardly ever breach. */
  readonly allowedRatio?: number;
  /**
   * Ratios of error rates, canary over `allowedRatio` times control, that are mixed; all above 1. Default: 20 from 1.1 to 10, evenly
   * in logarithms.
   */
  readonly rateRatios?: readonly number[];
}

/** Plain data: keep it as JSON between observations. */
export interface ErrorComparisonState {
  canaryErrors: number;
  controlErrors: number;
  /** ln likelihood ratio of each rate ratio against the allowed one. */
  lnRatios: number[];
  /** The number of errors of both arms at which the canary was found to be worse; that verdict stays. */
  breachedAt: number | null;
}

export interface ErrorComparisonTest {
  start(): ErrorComparisonState;
  /**
   * Changes `state`. Called for **errors only**, one per unit. `canaryShare` is the share of the two arms' traffic that the canary
   * had at that moment, in (0, 1). Returns whether the canary was found to be worse, now or before.
   */
  observeError(state: ErrorComparisonState, side: "canary" | "control", canaryShare: number): boolean;
  lnEvidence(state: ErrorComparisonState): number;
}

/**
 * E-process for "the canary's error rate is above that of the concurrent control". Among errors only, the next one is the
 * canary's with probability w t / (w t + 1 - w), with w its share of the traffic and t the ratio of the rates; t <= `allowedRatio` is
 * the null hypothesis. The base rate has dropped out, so it may drift, and w may change between stages. A mixture over t.
 */
export function errorComparisonTest(options: ErrorComparisonOptions): ErrorComparisonTest {
  const { allowedRatio = 1 } = options;
  requireOpenUnit("alpha", options.alpha);
  requirePositive("allowedRatio", allowedRatio);
  const rateRatios = options.rateRatios ?? defaultRateRatios();
  rateRatios.forEach((ratio, i) => {
    if (!(ratio > 1 && ratio < Infinity))
      throw new InvalidArgument(`rateRatios[${i}]`, "a number above 1", ratio);
  });
  if (rateRatios.length === 0)
    throw new InvalidArgument("rateRatios", "a list that is not empty", rateRatios);
  const lnRateRatios = rateRatios.map(Math.log);
  const lnCount = Math.log(rateRatios.length);
  const threshold = -Math.log(options.alpha);
  // ln of (1 + w (t - 1)) / (1 + w (allowed - 1)); the share hardly ever changes from one error to the next.
  const lnNormalisers = new Float64Array(rateRatios.length);
  let normalisedShare = Number.NaN;
  const normalise = (share: number): void => {
    normalisedShare = share;
    const scale = (share * allowedRatio) / (1 + share * (allowedRatio - 1));
    rateRatios.forEach((ratio, i) => (lnNormalisers[i] = Math.log1p(scale * (ratio - 1))));
  };
  const lnEvidence = (state: ErrorComparisonState): number => lnSum(state.lnRatios) - lnCount;

  return {
    start: () => ({ canaryErrors: 0, controlErrors: 0, lnRatios: rateRatios.map(() => 0), breachedAt: null }),
    observeError(state, side, canaryShare) {
      requireOpenUnit("canaryShare", canaryShare);
      const isCanary = side === "canary";
      if (isCanary) state.canaryErrors++;
      else state.controlErrors++;
      if (canaryShare !== normalisedShare) normalise(canaryShare);
      const lnRatios = state.lnRatios;
      for (let i = 0; i < lnRatios.length; i++) {
        const gain = isCanary ? (lnRateRatios[i] as number) : 0;
        lnRatios[i] = (lnRatios[i] as number) + gain - (lnNormalisers[i] as number);
      }
      if (isCanary && state.breachedAt === null && lnEvidence(state) >= threshold) {
        state.breachedAt = state.canaryErrors + state.controlErrors;
      }
      return state.breachedAt !== null;
    },
    lnEvidence,
  };
}

/** numpy's geomspace(1.1, 10, 20). */
function defaultRateRatios(): number[] {
  return Array.from({ length: 20 }, (_, i) => 1.1 * (10 / 1.1) ** (i / 19));
}
