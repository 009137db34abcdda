import type { ArmSummary } from "../units/arm-summary.ts";
import { welchDegreesOfFreedom, type Lift, type LiftScale } from "../units/lift.ts";
import {
  mergePairedUnitSums,
  pairedMoments,
  requirePairedUnitSums,
  type PairedUnitSums,
} from "../units/unit-sums.ts";

export interface CupedLift extends Lift {
  /** What was subtracted per unit of the covariate. */
  readonly theta: number;
}

/**
 * Lift with CUPED (Deng, Xu, Kohavi, Walker 2013): each value less theta times the unit's covariate from before the experiment,
 * theta = cov / var of both arms pooled. Starts the same tests as `liftOf`, with less variance.
 *
 * Relative, the adjusted difference is divided by the *unadjusted* control mean m, since the adjusted one is shifted; by the delta
 * method with d the difference and A, A' the control means before and after adjustment:
 * (var B' + var A' + d^2 var A / m^2 + 2 d cov(A, A') / m) / m^2.
 *
 * @returns `undefined` where nothing can be inferred, as `liftOf`
 */
export function cupedLift(
  control: PairedUnitSums,
  treatment: PairedUnitSums,
  scale: LiftScale,
): CupedLift | undefined {
  requirePairedUnitSums("control", control);
  requirePairedUnitSums("treatment", treatment);
  if (control.n < 2 || treatment.n < 2) return undefined;
  const theta = thetaOf(momentsOf(mergePairedUnitSums(control, treatment)));
  return liftOfMoments(momentsOf(control), momentsOf(treatment), theta, scale);
}

/** Of one arm: mean of the metric (not yet adjusted) and of the covariate, variances and covariance of a unit. */
export interface ArmMoments {
  readonly n: number;
  readonly mean: number;
  readonly covariateMean: number;
  readonly variance: number;
  readonly covariateVariance: number;
  readonly covariance: number;
}

function momentsOf(sums: PairedUnitSums): ArmMoments {
  const { variance, otherVariance, covariance } = pairedMoments(sums);
  return {
    n: sums.n,
    mean: sums.sum / sums.n,
    covariateMean: sums.otherSum / sums.n,
    variance,
    covariateVariance: otherVariance,
    covariance,
  };
}

/** Theta of both arms pooled; 0 where the covariate does not vary. */
export function thetaOf(pooled: ArmMoments): number {
  return pooled.covariateVariance > 0 ? pooled.covariance / pooled.covariateVariance : 0;
}

/** The lift of arms adjusted by theta; both have at least two units. */
export function liftOfMoments(
  control: ArmMoments,
  treatment: ArmMoments,
  theta: number,
  scale: LiftScale,
): CupedLift | undefined {
  const a = adjusted(control, theta);
  const b = adjusted(treatment, theta);
  const base = scale === "absolute" ? 1 : control.mean;
  const difference = b.mean - a.mean;
  let variance = a.variance / control.n + b.variance / treatment.n;
  if (scale === "relative") {
    const ratio = difference / base;
    const shared = control.variance - theta * control.covariance;
    variance += (ratio * (ratio * control.variance + 2 * shared)) / control.n;
  }
  variance /= base * base;
  if (!(variance > 0 && variance < Infinity)) return undefined;
  return {
    scale,
    estimate: difference / Math.abs(base),
    variance,
    degreesOfFreedom: welchDegreesOfFreedom(a, b),
    n: control.n + treatment.n,
    smallerArm: Math.min(control.n, treatment.n),
    theta,
  };
}

function adjusted(arm: ArmMoments, theta: number): ArmSummary {
  const spread = arm.variance + theta * (theta * arm.covariateVariance - 2 * arm.covariance);
  return { n: arm.n, mean: arm.mean - theta * arm.covariateMean, variance: Math.max(0, spread) };
}
