import { requireOpenUnit, requirePositive } from "../invalid-argument.ts";
import { intervalAround, type Alternative, type IntervalEstimate } from "../units/estimate.ts";
import type { Lift } from "../units/lift.ts";

/** At these the sequence is tightest; reports that are compared should share them. */
const DEFAULT_TUNING_UNITS = 5000;
const DEFAULT_MINIMUM_PER_ARM = 1000;
/** The p value keeps one tuning whatever the alpha of the interval, so that it does not change with it. */
const P_VALUE_ALPHA = 0.05;

export interface ConfidenceSequenceOptions {
  /** Default 0.05. */
  readonly alpha?: number;
  /** Default two-sided; `greater` gives a lower bound, `less` an upper one. */
  readonly alternative?: Alternative;
  /** N*, the units of both arms at which the interval is tightest; default 5000. Fix it before the first look. */
  readonly tuningUnits?: number;
  /** Below it the sequence gives no verdict; default 1000. */
  readonly minimumPerArm?: number;
}

export interface ConfidenceSequenceEstimate extends IntervalEstimate {
  /**
   * Whether the asymptotics hold: both arms have `minimumPerArm` units. While false, neither a winner nor harm may be declared
   * from this interval: watched from the first unit at a 5/95 split it raises false alarms in about half of A/A runs.
   */
  readonly verdictAllowed: boolean;
}

/**
 * Asymptotic confidence sequence of a lift: the interval holds at all looks together with probability 1 - alpha (Waudby-Smith,
 * Arbour, Sinha, Kennedy, Ramdas 2021, theorem 2.2 and proposition B.1). The p value is valid at any look too.
 */
export function confidenceSequence(
  lift: Lift,
  options: ConfidenceSequenceOptions = {},
): ConfidenceSequenceEstimate {
  const { alpha = 0.05, alternative = "two-sided", tuningUnits = DEFAULT_TUNING_UNITS } = options;
  const sides = alternative === "two-sided" ? 2 : 1;
  const halfWidth = confidenceSequenceHalfWidth({
    variance: lift.variance * lift.n,
    n: lift.n,
    tuningUnits,
    alpha,
    sides,
  });
  return {
    ...intervalAround(lift.estimate, halfWidth, alternative),
    pValue: sequentialPValue(lift, alternative, tuningUnits),
    verdictAllowed: lift.smallerArm >= (options.minimumPerArm ?? DEFAULT_MINIMUM_PER_ARM),
  };
}

/** rho = sqrt((-2 ln alpha + ln(1 - 2 ln alpha)) / N*); one-sided bounds take it at 2 alpha. */
export function confidenceSequenceRho(alpha: number, tuningUnits: number, sides: 1 | 2): number {
  requireOpenUnit("alpha", alpha);
  requirePositive("tuningUnits", tuningUnits);
  // 2 alpha of 1 and above has no optimum; the bound stays valid for any rho.
  const logarithm = -2 * Math.log(sides === 2 ? alpha : Math.min(2 * alpha, 0.99));
  return Math.sqrt((logarithm + Math.log1p(logarithm)) / tuningUnits);
}

export interface HalfWidthInput {
  /** Variance of one observation; for a lift, the variance of the estimate times n. */
  readonly variance: number;
  readonly n: number;
  readonly tuningUnits: number;
  readonly alpha: number;
  readonly sides: 1 | 2;
}

/**
 * sqrt(variance) sqrt(2 (n rho^2 + 1) / (n^2 rho^2) L), L = ln(sqrt(n rho^2 + 1) / alpha) two-sided and
 * ln(1 + sqrt(n rho^2 + 1) / (2 alpha)) one-sided.
 */
export function confidenceSequenceHalfWidth(input: HalfWidthInput): number {
  const { variance, n, tuningUnits, alpha, sides } = input;
  const rho = confidenceSequenceRho(alpha, tuningUnits, sides);
  const scaled = n * rho * rho + 1;
  const root = Math.sqrt(scaled);
  const logarithm = sides === 2 ? Math.log(root / alpha) : Math.log1p(root / (2 * alpha));
  return Math.sqrt(((variance * 2 * scaled) / (n * n * rho * rho)) * logarithm);
}

/**
 * The smallest alpha whose sequence, with rho kept at alpha = 0.05, excludes 0. An A/B test that stops whenever this is at most
 * alpha declares a difference that is not there with probability at most alpha.
 */
export function sequentialPValue(lift: Lift, alternative: Alternative, tuningUnits: number): number {
  const sides = alternative === "two-sided" ? 2 : 1;
  const rho = confidenceSequenceRho(P_VALUE_ALPHA, tuningUnits, sides);
  const scaled = lift.n * rho * rho + 1;
  const evidence = ((lift.estimate * lift.estimate) / lift.variance) * ((scaled - 1) / (2 * scaled));
  if (sides === 2) return Math.min(1, Math.sqrt(scaled) * Math.exp(-evidence));
  const isAgainstNull = alternative === "greater" ? lift.estimate > 0 : lift.estimate < 0;
  return isAgainstNull ? Math.min(1, Math.sqrt(scaled) / (2 * Math.expm1(evidence))) : 1;
}
