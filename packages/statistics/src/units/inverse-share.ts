import { InvalidArgument, requireCount, requireFinite } from "../invalid-argument.ts";
import type { ArmSummary } from "./arm-summary.ts";

/**
 * Sums of one arm whose share changed while units came in, as under a bandit or a ramp: each unit weighs 1 / (share of its arm when it
 * was exposed). They add up and merge in any order.
 */
export interface InverseShareSums {
  readonly n: number;
  /** Sums over units of w, w x, w^2, w^2 x and w^2 x^2. */
  readonly weight: number;
  readonly weightedSum: number;
  readonly squaredWeight: number;
  readonly squaredWeightSum: number;
  readonly squaredWeightSumSquares: number;
}

export const NO_INVERSE_SHARE_UNITS: InverseShareSums = {
  n: 0,
  weight: 0,
  weightedSum: 0,
  squaredWeight: 0,
  squaredWeightSum: 0,
  squaredWeightSumSquares: 0,
};

/** @param share that the unit's arm had when the unit was exposed, above 0 and at most 1 */
export function addInverseShareUnit(sums: InverseShareSums, value: number, share: number): InverseShareSums {
  requireFinite("value", value);
  if (!(share > 0 && share <= 1)) throw new InvalidArgument("share", "above 0 and at most 1", share);
  const w = 1 / share;
  return {
    n: sums.n + 1,
    weight: sums.weight + w,
    weightedSum: sums.weightedSum + w * value,
    squaredWeight: sums.squaredWeight + w * w,
    squaredWeightSum: sums.squaredWeightSum + w * w * value,
    squaredWeightSumSquares: sums.squaredWeightSumSquares + w * w * value * value,
  };
}

export function mergeInverseShareSums(a: InverseShareSums, b: InverseShareSums): InverseShareSums {
  return {
    n: a.n + b.n,
    weight: a.weight + b.weight,
    weightedSum: a.weightedSum + b.weightedSum,
    squaredWeight: a.squaredWeight + b.squaredWeight,
    squaredWeightSum: a.squaredWeightSum + b.squaredWeightSum,
    squaredWeightSumSquares: a.squaredWeightSumSquares + b.squaredWeightSumSquares,
  };
}

/**
 * The arm's mean as if its share had been the same all the time (Hajek's ratio): m = sum w x / sum w, with the variance of the mean
 * sum w^2 (x - m)^2 / (sum w)^2, times n / (n - 1). `variance` is that times n, as `liftOf` wants it. With one share for all units it is
 * `meanSummary`. Where the base rate moves while shares do, the plain mean favours the arm that was large on good days; this one does not.
 *
 * @returns `undefined` below two units
 */
export function inverseShareSummary(sums: InverseShareSums): ArmSummary | undefined {
  requireCount("sums.n", sums.n);
  for (const [name, value] of Object.entries(sums)) requireFinite(`sums.${name}`, value);
  if (sums.n < 2) return undefined;
  const mean = sums.weightedSum / sums.weight;
  const spread =
    sums.squaredWeightSumSquares - mean * (2 * sums.squaredWeightSum - mean * sums.squaredWeight);
  // As in `varianceOf`: below what the sums can tell from rounding it counts as none.
  const kept = spread > sums.squaredWeightSumSquares * 1e-12 ? spread : 0;
  const ofMean = (kept / sums.weight ** 2) * (sums.n / (sums.n - 1));
  return { n: sums.n, mean, variance: ofMean * sums.n };
}
