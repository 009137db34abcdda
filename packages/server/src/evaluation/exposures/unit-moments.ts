import { mergePairedUnitSums, NO_PAIRED_UNITS, type PairedUnitSums } from "@agent-learning/statistics";

/** Sums over the values that units had before they were exposed. */
export interface CovariateSums {
  /** All exposed units with such a value: how the arms compare before anything was done to them. */
  units: number;
  sum: number;
  sumSquares: number;
  /** The units that are measured, one without such a value counting 0; cross products with their value and other value. */
  measuredSum: number;
  measuredSumSquares: number;
  valueCross: number;
  otherCross: number;
}

/** Sums over units of one metric in one arm. Plain data; null or left out where no covariate was told. */
export interface UnitMoments extends PairedUnitSums {
  covariate?: CovariateSums | null;
}

export function mergeCovariates(a: CovariateSums, b: CovariateSums): CovariateSums {
  return {
    units: a.units + b.units,
    sum: a.sum + b.sum,
    sumSquares: a.sumSquares + b.sumSquares,
    measuredSum: a.measuredSum + b.measuredSum,
    measuredSumSquares: a.measuredSumSquares + b.measuredSumSquares,
    valueCross: a.valueCross + b.valueCross,
    otherCross: a.otherCross + b.otherCross,
  };
}

export function mergeMoments(a: UnitMoments, b: UnitMoments): UnitMoments {
  const merged = mergePairedUnitSums(a, b);
  const covariate =
    a.covariate && b.covariate ? mergeCovariates(a.covariate, b.covariate) : (a.covariate ?? b.covariate);
  return covariate ? { ...merged, covariate } : merged;
}

export const NO_MOMENTS: UnitMoments = NO_PAIRED_UNITS;
