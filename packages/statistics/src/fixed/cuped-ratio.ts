import { requireFinite } from "../invalid-argument.ts";
import type { LiftScale } from "../units/lift.ts";
import {
  addPairedUnit,
  centredProduct,
  mergePairedUnitSums,
  NO_PAIRED_UNITS,
  pairedMoments,
  requirePairedUnitSums,
  varianceOf,
  type PairedUnitSums,
} from "../units/unit-sums.ts";
import { type ArmMoments, type CupedLift, liftOfMoments, thetaOf } from "./cuped.ts";

/** Sums of a ratio metric, value over other value, with the unit's covariate from before the experiment. */
export interface RatioCovariateSums extends PairedUnitSums {
  readonly covariateSum: number;
  readonly covariateSumSquares: number;
  /** Sums of covariate times value, and of covariate times other value. */
  readonly valueCovariateSum: number;
  readonly otherCovariateSum: number;
}

/**
 * `cupedLift` of a ratio metric: the ratio M / D is linearised, a unit being worth (x - (M / D) y) / D (Deng, Knoblich, Lu 2018), and
 * theta is the covariance of that with the covariate over the covariate's variance, both arms pooled.
 *
 * @returns `undefined` where nothing can be inferred, as `liftOf`, and where denominators add up to 0
 */
export function cupedRatioLift(
  control: RatioCovariateSums,
  treatment: RatioCovariateSums,
  scale: LiftScale,
): CupedLift | undefined {
  requireRatioCovariateSums("control", control);
  requireRatioCovariateSums("treatment", treatment);
  if (control.n < 2 || treatment.n < 2 || control.otherSum === 0 || treatment.otherSum === 0)
    return undefined;
  const pooled = mergeRatioCovariateSums(control, treatment);
  if (pooled.otherSum === 0) return undefined;
  return liftOfMoments(momentsOf(control), momentsOf(treatment), thetaOf(momentsOf(pooled)), scale);
}

export const NO_RATIO_COVARIATE_UNITS: RatioCovariateSums = {
  ...NO_PAIRED_UNITS,
  covariateSum: 0,
  covariateSumSquares: 0,
  valueCovariateSum: 0,
  otherCovariateSum: 0,
};

/** The sums with one more unit: its ratio is value over other value. */
export function addRatioCovariateUnit(
  sums: RatioCovariateSums,
  value: number,
  other: number,
  covariate: number,
): RatioCovariateSums {
  requireFinite("covariate", covariate);
  return {
    ...addPairedUnit(sums, value, other),
    covariateSum: sums.covariateSum + covariate,
    covariateSumSquares: sums.covariateSumSquares + covariate * covariate,
    valueCovariateSum: sums.valueCovariateSum + value * covariate,
    otherCovariateSum: sums.otherCovariateSum + other * covariate,
  };
}

export function mergeRatioCovariateSums(a: RatioCovariateSums, b: RatioCovariateSums): RatioCovariateSums {
  return {
    ...mergePairedUnitSums(a, b),
    covariateSum: a.covariateSum + b.covariateSum,
    covariateSumSquares: a.covariateSumSquares + b.covariateSumSquares,
    valueCovariateSum: a.valueCovariateSum + b.valueCovariateSum,
    otherCovariateSum: a.otherCovariateSum + b.otherCovariateSum,
  };
}

function momentsOf(sums: RatioCovariateSums): ArmMoments {
  const { n, sum, otherSum, covariateSum } = sums;
  const ratio = sum / otherSum;
  const denominator = otherSum / n;
  const { variance, otherVariance, covariance } = pairedMoments(sums);
  const spread = Math.max(0, variance + ratio * (ratio * otherVariance - 2 * covariance));
  const withValue = centredProduct(sums.valueCovariateSum, sum, covariateSum, n);
  const withOther = centredProduct(sums.otherCovariateSum, otherSum, covariateSum, n);
  return {
    n,
    mean: ratio,
    covariateMean: covariateSum / n,
    variance: spread / (denominator * denominator),
    covariateVariance: varianceOf(sums.covariateSumSquares, covariateSum, n),
    covariance: (withValue - ratio * withOther) / denominator,
  };
}

function requireRatioCovariateSums(argument: string, sums: RatioCovariateSums): void {
  requirePairedUnitSums(argument, sums);
  requireFinite(`${argument}.covariateSum`, sums.covariateSum);
  requireFinite(`${argument}.covariateSumSquares`, sums.covariateSumSquares);
  requireFinite(`${argument}.valueCovariateSum`, sums.valueCovariateSum);
  requireFinite(`${argument}.otherCovariateSum`, sums.otherCovariateSum);
}
