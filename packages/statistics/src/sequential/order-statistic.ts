import { requireCount, requireOpenUnit } from "../invalid-argument.ts";
import { lnBinomialLowerTail } from "../special-functions/binomial.ts";

/**
 * The rank r, from 1, of the smallest order statistic that is an upper confidence limit of a quantile whatever the distribution:
 * P(Binomial(n, quantile) <= r - 1) >= confidence. `undefined` where even the largest of n is not (below 135 for the 99.9 %
 * limit of a p95).
 */
export function upperOrderStatisticRank(n: number, quantile: number, confidence: number): number | undefined {
  requireCount("n", n);
  requireOpenUnit("quantile", quantile);
  requireOpenUnit("confidence", confidence);
  const required = Math.log(confidence);
  const suffices = (rank: number): boolean => lnBinomialLowerTail(rank - 1, n, quantile) >= required;
  // The largest value needs its own test: all n values below the quantile have the probability quantile^n.
  if (n === 0 || Math.log1p(-(quantile ** n)) < required) return undefined;
  let [low, high] = [0, n];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (suffices(middle)) high = middle;
    else low = middle;
  }
  return high;
}
