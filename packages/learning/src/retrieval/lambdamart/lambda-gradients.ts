/** Chunks of one query: where they start among all rows, and how many they are. */
export interface QueryRange {
  start: number;
  count: number;
  /** Its rows, sorted by their scores with each call. */
  order: Int32Array;
}

/** The rows from `start` on, in no order yet. */
export const queryRange = (start: number, count: number): QueryRange => ({
  start,
  count,
  order: Int32Array.from({ length: count }, (_, index) => start + index),
});

let discounts = new Float64Array(0);

/** 1 over log2(rank + 2) for the first `count` ranks, from 0. */
function discountsUpTo(count: number): Float64Array {
  if (discounts.length < count)
    discounts = Float64Array.from({ length: 2 * count }, (_, rank) => 1 / Math.log2(rank + 2));
  return discounts;
}

/** Sorts rows by falling score, equal ones by their number, in place: they hardly move from one tree to the next. */
function sortByScore(order: Int32Array, scores: Float64Array): void {
  for (let place = 1; place < order.length; place += 1) {
    const row = order[place] as number;
    const score = scores[row] as number;
    let to = place;
    for (; to > 0; to -= 1) {
      const other = order[to - 1] as number;
      const difference = (scores[other] as number) - score;
      if (difference > 0 || (difference === 0 && other < row)) break;
      order[to] = other;
    }
    order[to] = row;
  }
}

/**
 * Gradients and curvatures of LambdaRank (Burges 2010): for each pair of one query with different grades, the logistic loss of its
 * score difference times the change of nDCG if the two changed places. Pairs below `truncation` in the present order are left out; a pair's
 * weight falls with its score difference and a query's whole with its size, so that long lists and easy pairs do not outvote others.
 * @param gradients and @param hessians are set for the query's rows
 */
export function lambdaGradients(
  { start, count, order }: QueryRange,
  grades: ArrayLike<number>,
  scores: Float64Array,
  truncation: number,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  gradients.fill(0, start, start + count);
  hessians.fill(0, start, start + count);
  const discount = discountsUpTo(count);
  sortByScore(order, scores);
  const gains = new Float64Array(count);
  // Ranks of the chunks that are worth anything, ascending.
  const worthy: number[] = [];
  for (let rank = 0; rank < count; rank += 1) {
    const grade = grades[order[rank] as number] as number;
    gains[rank] = 2 ** grade - 1;
    if (grade !== 0) worthy.push(rank);
  }
  let best = 0;
  for (const [rank, gain] of worthy
    .map((each) => gains[each] as number)
    .toSorted((one, other) => other - one)
    .slice(0, truncation)
    .entries())
    best += gain * (discount[rank] as number);
  if (best <= 0) return;
  const spread = (scores[order[0] as number] as number) !== (scores[order[count - 1] as number] as number);
  let total = 0;
  const compare = (upper: number, lower: number): void => {
    const gap = (gains[upper] as number) - (gains[lower] as number);
    if (gap === 0) return;
    const [high, low] = gap > 0 ? [upper, lower] : [lower, upper];
    const [highRow, lowRow] = [order[high] as number, order[low] as number];
    const difference = (scores[highRow] as number) - (scores[lowRow] as number);
    let change = (Math.abs(gap) * ((discount[upper] as number) - (discount[lower] as number))) / best;
    if (spread) change /= 0.01 + Math.abs(difference);
    const wrong = 1 / (1 + Math.exp(difference));
    const lambda = wrong * change;
    const curvature = wrong * (1 - wrong) * change;
    (gradients[highRow] as number) -= lambda;
    (gradients[lowRow] as number) += lambda;
    (hessians[highRow] as number) += curvature;
    (hessians[lowRow] as number) += curvature;
    total += 2 * lambda;
  };
  for (let upper = 0; upper < Math.min(count - 1, truncation); upper += 1) {
    // Two chunks that are worth nothing are no pair, and most chunks are worth nothing.
    if (gains[upper] === 0) {
      for (const lower of worthy) if (lower > upper) compare(upper, lower);
    } else {
      for (let lower = upper + 1; lower < count; lower += 1) compare(upper, lower);
    }
  }
  if (total <= 0) return;
  const norm = Math.log2(1 + total) / total;
  for (let row = start; row < start + count; row += 1) {
    (gradients[row] as number) *= norm;
    (hessians[row] as number) *= norm;
  }
}
