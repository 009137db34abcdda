import { InvalidArgument, requireCount } from "../invalid-argument.ts";
import { pairedMoments, requirePairedUnitSums, requireUnitSums, varianceOf } from "./unit-sums.ts";
import type { PairedUnitSums, UnitSums } from "./unit-sums.ts";

/** One arm as the tests see it. */
export interface ArmSummary {
  /** Units. */
  readonly n: number;
  readonly mean: number;
  /** Variance of one unit; the variance of the mean is `variance / n`. */
  readonly variance: number;
}

/** A metric whose value of a unit is a number: mean and unbiased variance. `undefined` below two units. */
export function meanSummary(sums: UnitSums): ArmSummary | undefined {
  requireUnitSums("sums", sums);
  if (sums.n < 2) return undefined;
  return {
    n: sums.n,
    mean: sums.sum / sums.n,
    variance: varianceOf(sums.sumSquares, sums.sum, sums.n),
  };
}

/** A yes/no metric: `successes` of `n` units, variance p (1 - p). `undefined` below two units. */
export function proportionSummary(n: number, successes: number): ArmSummary | undefined {
  requireCount("n", n);
  requireCount("successes", successes);
  if (successes > n) throw new InvalidArgument("successes", `at most the ${n} units`, successes);
  if (n < 2) return undefined;
  const mean = successes / n;
  return { n, mean, variance: mean * (1 - mean) };
}

/**
 * A ratio of two sums over units (failed requests over requests), value over other value, by the delta method:
 * v_M / D^2 + v_D M^2 / D^4 - 2 cov M / D^3 with M, D the means of a unit. The units are the clusters, so several outcomes of
 * one unit count once. `undefined` below two units and where the denominators add up to 0.
 */
export function ratioSummary(sums: PairedUnitSums): ArmSummary | undefined {
  requirePairedUnitSums("sums", sums);
  if (sums.n < 2 || sums.otherSum === 0) return undefined;
  const { variance, otherVariance, covariance } = pairedMoments(sums);
  const denominator = sums.otherSum / sums.n;
  const ratio = sums.sum / sums.otherSum;
  const spread = variance + ratio * (ratio * otherVariance - 2 * covariance);
  return { n: sums.n, mean: ratio, variance: Math.max(0, spread) / (denominator * denominator) };
}
