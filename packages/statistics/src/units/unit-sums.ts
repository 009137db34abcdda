import { InvalidArgument, requireCount, requireFinite } from "../invalid-argument.ts";

/**
 * What is kept per arm of one metric: the number of units (not of requests) and the sums of their values. Adding and merging
 * commute, so sums may be folded in any order and on several machines.
 */
export interface UnitSums {
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
}

/** Sums of units with a second value: the covariate of CUPED (value before the experiment) or the denominator of a ratio. */
export interface PairedUnitSums extends UnitSums {
  readonly otherSum: number;
  readonly otherSumSquares: number;
  /** Sum of value times other value. */
  readonly crossSum: number;
}

export const NO_UNITS: UnitSums = { n: 0, sum: 0, sumSquares: 0 };
export const NO_PAIRED_UNITS: PairedUnitSums = {
  ...NO_UNITS,
  otherSum: 0,
  otherSumSquares: 0,
  crossSum: 0,
};

/** The sums with one more unit; `value` is what the unit came to over all its outcomes. */
export function addUnit(sums: UnitSums, value: number): UnitSums {
  requireFinite("value", value);
  return { n: sums.n + 1, sum: sums.sum + value, sumSquares: sums.sumSquares + value * value };
}

export function addPairedUnit(sums: PairedUnitSums, value: number, other: number): PairedUnitSums {
  requireFinite("other", other);
  return {
    ...addUnit(sums, value),
    otherSum: sums.otherSum + other,
    otherSumSquares: sums.otherSumSquares + other * other,
    crossSum: sums.crossSum + value * other,
  };
}

export function mergeUnitSums(a: UnitSums, b: UnitSums): UnitSums {
  return { n: a.n + b.n, sum: a.sum + b.sum, sumSquares: a.sumSquares + b.sumSquares };
}

export function mergePairedUnitSums(a: PairedUnitSums, b: PairedUnitSums): PairedUnitSums {
  return {
    ...mergeUnitSums(a, b),
    otherSum: a.otherSum + b.otherSum,
    otherSumSquares: a.otherSumSquares + b.otherSumSquares,
    crossSum: a.crossSum + b.crossSum,
  };
}

export function requireUnitSums(argument: string, sums: UnitSums): void {
  requireCount(`${argument}.n`, sums.n);
  requireFinite(`${argument}.sum`, sums.sum);
  requireFinite(`${argument}.sumSquares`, sums.sumSquares);
  if (sums.sumSquares < 0) {
    throw new InvalidArgument(`${argument}.sumSquares`, "a number of at least 0", sums.sumSquares);
  }
}

export function requirePairedUnitSums(argument: string, sums: PairedUnitSums): void {
  requireUnitSums(argument, sums);
  requireFinite(`${argument}.otherSum`, sums.otherSum);
  requireFinite(`${argument}.otherSumSquares`, sums.otherSumSquares);
  requireFinite(`${argument}.crossSum`, sums.crossSum);
}

/** Unbiased variances and covariance of the two values of a unit; for n >= 2. */
export function pairedMoments(sums: PairedUnitSums): {
  variance: number;
  otherVariance: number;
  covariance: number;
} {
  const { n, sum, otherSum } = sums;
  return {
    variance: varianceOf(sums.sumSquares, sum, n),
    otherVariance: varianceOf(sums.otherSumSquares, otherSum, n),
    covariance: centredProduct(sums.crossSum, sum, otherSum, n),
  };
}

/**
 * A spread below a millionth of the mean is beyond what sums of squares can tell from rounding: it counts as none, so that two
 * constant metrics do not differ "significantly".
 */
export function varianceOf(sumSquares: number, sum: number, n: number): number {
  const variance = centredProduct(sumSquares, sum, sum, n);
  return variance * (n - 1) > sumSquares * 1e-12 ? variance : 0;
}

/** Unbiased covariance of two values of a unit from the sum of their products; for n >= 2. */
export function centredProduct(sumProducts: number, sumA: number, sumB: number, n: number): number {
  return (sumProducts - (sumA / n) * sumB) / (n - 1);
}
