/** Chunks of one query: where they start among all rows, and how many they are. */
export interface QueryRange {
  start: number;
  count: number;
}

const discountAt = (rank: number): number => 1 / Math.log2(rank + 2);

/**
 * Gradients and curvatures of LambdaRank (Burges 2010): for each pair of one query with different grades, the logistic loss of its
 * score difference times the change of nDCG if the two changed places. Pairs below `truncation` in the present order are left out; a pair's
 * weight falls with its score difference and a query's whole with its size, so that long lists and easy pairs do not outvote others.
 * @param gradients and @param hessians are set for the query's rows
 */
export function lambdaGradients(
  { start, count }: QueryRange,
  grades: ArrayLike<number>,
  scores: Float64Array,
  truncation: number,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  gradients.fill(0, start, start + count);
  hessians.fill(0, start, start + count);
  const order = Array.from({ length: count }, (_, index) => start + index).toSorted(
    (one, other) => (scores[other] as number) - (scores[one] as number) || one - other,
  );
  const gains = order.map((row) => 2 ** (grades[row] as number) - 1);
  let best = 0;
  for (const [rank, gain] of gains
    .toSorted((one, other) => other - one)
    .slice(0, truncation)
    .entries())
    best += gain * discountAt(rank);
  if (best <= 0) return;
  const spread = (scores[order[0] as number] as number) !== (scores[order[count - 1] as number] as number);
  let total = 0;
  for (let upper = 0; upper < Math.min(count - 1, truncation); upper += 1) {
    for (let lower = upper + 1; lower < count; lower += 1) {
      const gap = (gains[upper] as number) - (gains[lower] as number);
      if (gap === 0) continue;
      const [high, low] = gap > 0 ? [upper, lower] : [lower, upper];
      const [highRow, lowRow] = [order[high] as number, order[low] as number];
      const difference = (scores[highRow] as number) - (scores[lowRow] as number);
      let change = (Math.abs(gap) * (discountAt(upper) - discountAt(lower))) / best;
      if (spread) change /= 0.01 + Math.abs(difference);
      const wrong = 1 / (1 + Math.exp(difference));
      const lambda = wrong * change;
      const curvature = wrong * (1 - wrong) * change;
      (gradients[highRow] as number) -= lambda;
      (gradients[lowRow] as number) += lambda;
      (hessians[highRow] as number) += curvature;
      (hessians[lowRow] as number) += curvature;
      total += 2 * lambda;
    }
  }
  if (total <= 0) return;
  const norm = Math.log2(1 + total) / total;
  for (const row of order) {
    (gradients[row] as number) *= norm;
    (hessians[row] as number) *= norm;
  }
}
