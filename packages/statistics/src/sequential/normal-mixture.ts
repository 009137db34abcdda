import { requireNonNegative, requireOpenUnit, requirePositive } from "../invalid-argument.ts";
import { lnNormalCdf } from "../special-functions/normal.ts";
import { solveIncreasing } from "../special-functions/solve.ts";

export interface NormalMixtureInput {
  /** Intrinsic time: the variance process of the sum, such as n times the variance of one observation. */
  readonly variance: number;
  readonly alpha: number;
  /** The intrinsic time at which the bound is tightest. */
  readonly optimalVariance: number;
  readonly sides: 1 | 2;
}

/**
 * Bound on a centred sub-Gaussian sum that holds at all times together with probability 1 - alpha (Robbins' normal mixture;
 * Howard, Ramdas, McAuliffe, Sekhon 2021, propositions 3 and 4). Two-sided: sqrt((v + r) ln((v + r) / (r alpha^2))); one-sided: the s
 * at which the half-normal mixture reaches 1 / alpha.
 */
export function normalMixtureBound(input: NormalMixtureInput): number {
  const { variance, alpha, sides } = input;
  requireNonNegative("variance", variance);
  requireOpenUnit("alpha", alpha);
  const rho = mixtureVariance(input);
  const total = variance + rho;
  if (sides === 2) return Math.sqrt(total * (Math.log(total / rho) - 2 * Math.log(alpha)));
  const threshold = -Math.log(alpha);
  const deviation = Math.sqrt(total);
  return solveIncreasing((sum) => lnHalfNormalMixture(sum, rho, total) - threshold, 0, deviation);
}

function lnHalfNormalMixture(sum: number, rho: number, total: number): number {
  return (
    Math.log(2) +
    0.5 * Math.log(rho / total) +
    (sum * sum) / (2 * total) +
    lnNormalCdf(sum / Math.sqrt(total))
  );
}

/** v_opt / (L + ln(1 + L)) with L = -2 ln alpha, one-sided at 2 alpha. */
function mixtureVariance(input: NormalMixtureInput): number {
  requirePositive("optimalVariance", input.optimalVariance);
  const logarithm = -2 * Math.log(input.sides === 2 ? input.alpha : Math.min(2 * input.alpha, 0.99));
  return input.optimalVariance / (logarithm + Math.log1p(logarithm));
}
