import {
  InvalidArgument,
  requireNonNegative,
  requireOpenUnit,
  requirePositive,
} from "../invalid-argument.ts";
import { confidenceSequenceHalfWidth } from "../sequential/confidence-sequence.ts";
import { normalCdf, normalQuantile } from "../special-functions/normal.ts";
import { solveIncreasing } from "../special-functions/solve.ts";

export interface SampleSizeInput {
  /** Variance of one unit in each arm; p (1 - p) for a yes/no metric. */
  readonly controlVariance: number;
  readonly treatmentVariance: number;
  /** The difference to be found, of either sign. */
  readonly difference: number;
  /** Default 0.05, two-sided. */
  readonly alpha?: number;
  /** Default 0.8. */
  readonly power?: number;
}

/** Units **per arm** of a test with one look: (z_(1 - alpha / 2) + z_power)^2 (v_1 + v_2) / d^2, not rounded. */
export function sampleSizePerArm(input: SampleSizeInput): number {
  return sampleSizeOfBothArms(input) / 2;
}

/**
 * Units of **both arms together** of a test with one look, not rounded, where the control has `controlShare` s of them:
 * (z_(1 - alpha / 2) + z_power)^2 (v_1 / s + v_2 / (1 - s)) / d^2.
 */
export function sampleSizeOfBothArms(input: SampleSizeInput, controlShare: number = 0.5): number {
  const { alpha, power, variance, difference } = resolve(input, controlShare);
  return ((normalQuantile(power) - normalQuantile(alpha / 2)) ** 2 * variance) / difference ** 2;
}

/** The smallest difference that so many units per arm find with the given power at one look. */
export function minimumDetectableDifference(
  input: Omit<SampleSizeInput, "difference">,
  unitsPerArm: number,
): number {
  requirePositive("unitsPerArm", unitsPerArm);
  const { alpha, power, variance } = resolve({ ...input, difference: 1 }, 0.5);
  return (normalQuantile(power) - normalQuantile(alpha / 2)) * Math.sqrt(variance / (2 * unitsPerArm));
}

/** Probability that one look at so many units per arm finds the difference (in its own direction). */
export function powerOfOneLook(input: Omit<SampleSizeInput, "power">, unitsPerArm: number): number {
  requirePositive("unitsPerArm", unitsPerArm);
  const { alpha, variance, difference } = resolve(input, 0.5);
  return normalCdf(difference / Math.sqrt(variance / (2 * unitsPerArm)) + normalQuantile(alpha / 2));
}

/**
 * Units **per arm** at which a confidence sequence that is looked at all the time has found the difference with the given
 * power, not rounded; two equal arms. See `sequentialSampleSizeOfBothArms`.
 *
 * @param tuningUnits N* of `confidenceSequence`, default 5000
 */
export function sequentialSampleSizePerArm(input: SampleSizeInput, tuningUnits: number = 5000): number {
  return sequentialSampleSizeOfBothArms(input, { tuningUnits }) / 2;
}

/**
 * Units of **both arms together** at which a confidence sequence that is looked at all the time has found the difference with the
 * given power, not rounded: where the difference is half the interval plus z_power standard errors. Many experiments stop
 * before, so it is an upper limit.
 *
 * @param options share of the control among the two arms (default 0.5), and N* of `confidenceSequence` (default 5000)
 */
export function sequentialSampleSizeOfBothArms(
  input: SampleSizeInput,
  options: { readonly controlShare?: number; readonly tuningUnits?: number } = {},
): number {
  const { controlShare = 0.5, tuningUnits = 5000 } = options;
  const { alpha, power, variance, difference } = resolve(input, controlShare);
  const zPower = normalQuantile(power);
  const surplus = (lnUnits: number): number => {
    const n = Math.exp(lnUnits);
    const halfWidth = confidenceSequenceHalfWidth({ variance, n, tuningUnits, alpha, sides: 2 });
    return difference / (halfWidth + zPower * Math.sqrt(variance / n)) - 1;
  };
  const start = Math.log(sampleSizeOfBothArms(input, controlShare));
  return Math.exp(solveIncreasing(surplus, start, start + 1));
}

interface Resolved {
  readonly alpha: number;
  readonly power: number;
  /** Of the difference, times the units of both arms. */
  readonly variance: number;
  readonly difference: number;
}

function resolve(input: SampleSizeInput, controlShare: number): Resolved {
  const { alpha = 0.05, power = 0.8, controlVariance, treatmentVariance, difference } = input;
  requireOpenUnit("alpha", alpha);
  requireOpenUnit("controlShare", controlShare);
  requireNonNegative("controlVariance", controlVariance);
  requireNonNegative("treatmentVariance", treatmentVariance);
  if (!(power >= 0.5 && power < 1)) throw new InvalidArgument("power", "at least 0.5 and below 1", power);
  if (!(Math.abs(difference) > 0 && Math.abs(difference) < Infinity)) {
    throw new InvalidArgument("difference", "a finite number other than 0", difference);
  }
  const variance = controlVariance / controlShare + treatmentVariance / (1 - controlShare);
  if (variance === 0)
    throw new InvalidArgument("controlVariance", "above 0 in at least one arm", controlVariance);
  return { alpha, power, variance, difference: Math.abs(difference) };
}
