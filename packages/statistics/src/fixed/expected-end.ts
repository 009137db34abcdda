import { InvalidArgument, requireCount, requireNonNegative } from "../invalid-argument.ts";
import { confidenceSequenceHalfWidth } from "../sequential/confidence-sequence.ts";
import { solveIncreasing } from "../special-functions/solve.ts";
import type { Lift } from "../units/lift.ts";

/**
 * Units of **both** arms at which the confidence sequence of this lift excludes 0 if the estimate and the variance of a unit stay as they
 * are, not rounded; what is there already counts. A forecast to plan with, not evidence: early estimates exaggerate.
 *
 * @param options alpha (default 0.05) and tuningUnits N* (default 5000) of the sequence
 * @returns `undefined` for an estimate of 0, which no number of units tells from 0
 */
export function forecastUnits(
  lift: Lift,
  options: { readonly alpha?: number; readonly tuningUnits?: number } = {},
): number | undefined {
  const { alpha = 0.05, tuningUnits = 5000 } = options;
  if (lift.estimate === 0) return undefined;
  const variance = lift.variance * lift.n;
  const surplus = (lnUnits: number): number =>
    Math.abs(lift.estimate) /
      confidenceSequenceHalfWidth({ variance, n: Math.exp(lnUnits), tuningUnits, alpha, sides: 2 }) -
    1;
  const start = Math.log(lift.n);
  const units = Math.exp(solveIncreasing(surplus, start, start + 1));
  return Number.isFinite(units) ? units : undefined;
}

export interface ExpectedEndInput {
  /** Units of each arm so far, and how many each one needs. */
  readonly units: readonly number[];
  readonly neededUnits: readonly number[];
  /** Hours that it ran so far, pauses left out, and how many it has to run at least. */
  readonly hours: number;
  readonly minimumHours: number;
}

/**
 * Hours from now until every arm has what it needs at the pace so far, and the minimum duration is over; 0 when both are. `undefined`
 * while there is no pace: a needed arm has no unit, or no time has passed.
 */
export function expectedHoursLeft(input: ExpectedEndInput): number | undefined {
  const { units, neededUnits, hours, minimumHours } = input;
  requireNonNegative("hours", hours);
  requireNonNegative("minimumHours", minimumHours);
  if (neededUnits.length !== units.length) {
    throw new InvalidArgument("neededUnits", `a list of ${units.length} numbers`, neededUnits.length);
  }
  let left = Math.max(0, minimumHours - hours);
  for (const [i, count] of units.entries()) {
    requireCount(`units[${i}]`, count);
    const needed = neededUnits[i] as number;
    requireNonNegative(`neededUnits[${i}]`, needed);
    if (needed <= count) continue;
    if (count === 0 || hours === 0) return undefined;
    left = Math.max(left, ((needed - count) * hours) / count);
  }
  return left;
}
