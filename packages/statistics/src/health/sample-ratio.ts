import { InvalidArgument, requireCount, requireNonNegative } from "../invalid-argument.ts";
import { lnChiSquareTails } from "../special-functions/incomplete-gamma.ts";
import { lnGamma } from "../special-functions/ln-gamma.ts";

export interface SampleRatioInput {
  /** Units per arm. */
  readonly counts: readonly number[];
  /** Intended shares, in any unit. */
  readonly weights: readonly number[];
}

export interface SampleRatioResult {
  readonly chiSquare: number;
  /** Arms with a weight above 0, less one. */
  readonly degreesOfFreedom: number;
  readonly pValue: number;
}

/**
 * Chi-square test of the sample ratio, for the final report: one look. Below 0.001 the experiment is unhealthy. A unit in an
 * arm of weight 0 is impossible under the weights: p = 0.
 */
export function sampleRatioTest(input: SampleRatioInput): SampleRatioResult {
  const shares = requireShares(input);
  const total = input.counts.reduce((sum, count) => sum + count, 0);
  const degreesOfFreedom = shares.filter((share) => share > 0).length - 1;
  let chiSquare = 0;
  input.counts.forEach((count, i) => {
    const expected = (shares[i] as number) * total;
    if (expected > 0) chiSquare += (count - expected) ** 2 / expected;
    else if (count > 0) chiSquare = Infinity;
  });
  if (chiSquare === Infinity) return { chiSquare, degreesOfFreedom, pValue: 0 };
  if (degreesOfFreedom === 0) return { chiSquare, degreesOfFreedom, pValue: 1 };
  return {
    chiSquare,
    degreesOfFreedom,
    pValue: Math.exp(lnChiSquareTails(chiSquare, degreesOfFreedom).upper),
  };
}

/** Weight of the intended shares in the prior: about the deviation that a thousand units would show. */
export const SAMPLE_RATIO_CONCENTRATION = 1000;
/** Alarm at a Bayes factor of 1000; by Ville's inequality a healthy experiment ever gets there with probability 1/1000. */
export const LN_SAMPLE_RATIO_ALARM: number = Math.log(1000);

/**
 * Logarithm of the Bayes factor against the intended shares, valid at every look (Lindon and Malek 2022): multinomial counts
 * with a Dirichlet(c w) prior over the shares w, c = 1000:
 * ln Gamma(c) - sum ln Gamma(c w) + sum ln Gamma(c w + n) - ln Gamma(c + N) - sum n ln w.
 */
export function lnSampleRatioBayesFactor(input: SampleRatioInput): number {
  const shares = requireShares(input);
  const c = SAMPLE_RATIO_CONCENTRATION;
  let total = 0;
  let result = 0;
  for (const [i, count] of input.counts.entries()) {
    const share = shares[i] as number;
    if (share === 0 && count > 0) return Infinity;
    if (share === 0) continue;
    total += count;
    result += lnGamma(c * share + count) - lnGamma(c * share) - count * Math.log(share);
  }
  return result + lnGamma(c) - lnGamma(c + total);
}

export function requireShares(input: SampleRatioInput): number[] {
  if (input.counts.length !== input.weights.length) {
    throw new InvalidArgument("counts", `as long as weights (${input.weights.length})`, input.counts.length);
  }
  input.counts.forEach((count, i) => requireCount(`counts[${i}]`, count));
  input.weights.forEach((weight, i) => requireNonNegative(`weights[${i}]`, weight));
  const total = input.weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0))
    throw new InvalidArgument("weights", "a list with at least one weight above 0", input.weights);
  return input.weights.map((weight) => weight / total);
}
