import { requireUnit } from "../invalid-argument.ts";

/**
 * Holm's adjusted p values, in the order given: the i-th smallest of m times m - i + 1, made monotone, at most 1. Rejecting those
 * at or below alpha keeps the probability of any false rejection at alpha.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  pValues.forEach((p, i) => requireUnit(`pValues[${i}]`, p));
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[a] as number) - (pValues[b] as number));
  const adjusted = pValues.slice();
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues[index] as number) * (pValues.length - rank)));
    adjusted[index] = largest;
  });
  return adjusted;
}
