import { InvalidArgument, requireFinite } from "../invalid-argument.ts";

/** The six forms of Shrout and Fleiss 1979. `single`: of one rater; `average`: of the mean of the k raters. */
export interface IntraclassCorrelations {
  /** Each item has its own raters: ICC(1,1), ICC(1,k). */
  readonly oneWay: { readonly single: number; readonly average: number };
  /** The same raters, a sample of all raters; agreement: ICC(2,1), ICC(2,k). */
  readonly twoWayRandom: { readonly single: number; readonly average: number };
  /** The same raters, the only ones of interest; consistency: ICC(3,1), ICC(3,k). */
  readonly twoWayMixed: { readonly single: number; readonly average: number };
}

/**
 * Intraclass correlations of a complete table of ratings, by analysis of variance.
 *
 * @param ratings `ratings[i][j]`: item i by rater j; at least two of each, no gaps
 * @returns `undefined` where items do not differ or nothing varies
 */
export function intraclassCorrelations(
  ratings: readonly (readonly number[])[],
): IntraclassCorrelations | undefined {
  const { between, raters, error, within, n, k } = meanSquares(ratings);
  if (between === 0) return undefined;
  return {
    oneWay: {
      single: (between - within) / (between + (k - 1) * within),
      average: (between - within) / between,
    },
    twoWayRandom: {
      single: (between - error) / (between + (k - 1) * error + (k * (raters - error)) / n),
      average: (between - error) / (between + (raters - error) / n),
    },
    twoWayMixed: {
      single: (between - error) / (between + (k - 1) * error),
      average: (between - error) / between,
    },
  };
}

interface MeanSquares {
  readonly between: number;
  readonly raters: number;
  readonly error: number;
  readonly within: number;
  readonly n: number;
  readonly k: number;
}

function meanSquares(ratings: readonly (readonly number[])[]): MeanSquares {
  const n = ratings.length;
  const k = ratings[0]?.length ?? 0;
  if (n < 2) throw new InvalidArgument("ratings", "a table of at least two items", n);
  if (k < 2) throw new InvalidArgument("ratings[0]", "a list of at least two ratings", k);
  ratings.forEach((row, i) => {
    if (row.length !== k) throw new InvalidArgument(`ratings[${i}]`, `a list of ${k} ratings`, row.length);
    row.forEach((rating, j) => requireFinite(`ratings[${i}][${j}]`, rating));
  });
  const average = (values: readonly number[]): number =>
    values.reduce((sum, x) => sum + x, 0) / values.length;
  const rows = ratings.map(average);
  const columns = Array.from({ length: k }, (_, j) => average(ratings.map((row) => row[j] as number)));
  const mean = average(rows);
  const squares = (values: readonly number[]): number => values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  let [withinSum, errorSum] = [0, 0];
  ratings.forEach((row, i) => {
    row.forEach((rating, j) => {
      const deviation = rating - (rows[i] as number);
      withinSum += deviation ** 2;
      errorSum += (deviation - (columns[j] as number) + mean) ** 2;
    });
  });
  return {
    between: (k * squares(rows)) / (n - 1),
    raters: (n * squares(columns)) / (k - 1),
    error: errorSum / ((n - 1) * (k - 1)),
    within: withinSum / (n * (k - 1)),
    n,
    k,
  };
}
