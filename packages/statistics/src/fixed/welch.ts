import { requireFinite, requireOpenUnit } from "../invalid-argument.ts";
import { lnStudentTails, studentQuantile } from "../special-functions/student.ts";
import { intervalAround, type Alternative, type IntervalEstimate } from "../units/estimate.ts";
import type { Lift } from "../units/lift.ts";

export interface WelchOptions {
  /** Default 0.05. */
  readonly alpha?: number;
  /** Default two-sided. */
  readonly alternative?: Alternative;
  /** The lift under the null hypothesis, on the scale of the lift; default 0. A margin makes it a non-inferiority test. */
  readonly nullLift?: number;
}

/**
 * Welch's t test on a lift. Valid for **one** look at a sample size fixed in advance; for repeated looks use
 * `confidenceSequence`.
 */
export function welchTest(lift: Lift, options: WelchOptions = {}): IntervalEstimate {
  const { alpha = 0.05, alternative = "two-sided", nullLift = 0 } = options;
  requireOpenUnit("alpha", alpha);
  requireFinite("nullLift", nullLift);
  const deviation = Math.sqrt(lift.variance);
  const t = (lift.estimate - nullLift) / deviation;
  const tails = lnStudentTails(alternative === "two-sided" ? -Math.abs(t) : t, lift.degreesOfFreedom);
  const pValue =
    alternative === "two-sided"
      ? Math.min(1, 2 * Math.exp(tails.lower))
      : Math.exp(alternative === "greater" ? tails.upper : tails.lower);
  const tail = alternative === "two-sided" ? alpha / 2 : alpha;
  const halfWidth = -studentQuantile(tail, lift.degreesOfFreedom) * deviation;
  return { ...intervalAround(lift.estimate, halfWidth, alternative), pValue };
}
