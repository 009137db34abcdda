import { holmAdjusted } from "@agent-learning/statistics";

/**
 * Holm's adjusted p values, and for each comparison the level of the step at which it stands: alpha / (m − i) for the i-th
 * smallest (from 0) until the first that is not rejected, whose level all larger ones share. An interval at that level leaves out 0
 * exactly where the comparison is rejected.
 */
export function holmLevels(pValues: readonly number[], alpha: number): { adjusted: number; level: number }[] {
  const adjusted = holmAdjusted(pValues);
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
  const levels: number[] = [];
  let step = 0;
  order.forEach((index) => {
    levels[index] = alpha / (pValues.length - step);
    if ((adjusted[index] ?? 1) <= alpha) step += 1;
  });
  return adjusted.map((value, index) => ({ adjusted: value, level: levels[index] ?? alpha }));
}
