import { InvalidArgument } from "../invalid-argument.ts";
import { pairAgreement, requireCategoryCounts, type CategoryCounts } from "./category-counts.ts";

/**
 * Fleiss' kappa of many raters (Fleiss 1971). `undefined` without items and where all ratings are the same.
 *
 * @throws InvalidArgument where items differ in their number of raters, or have fewer than two; Krippendorff's alpha takes those
 */
export function fleissKappa(items: CategoryCounts): number | undefined {
  const raters = requireCategoryCounts(items);
  const [perItem] = raters;
  if (perItem === undefined) return undefined;
  raters.forEach((count, i) => {
    if (count !== perItem || count < 2) {
      throw new InvalidArgument(`items[${i}]`, "rated by as many raters as the others, at least 2", count);
    }
  });
  const categories = items[0] as readonly number[];
  const observed = items.reduce((sum, counts) => sum + pairAgreement(counts, perItem), 0) / items.length;
  const expected = categories.reduce((sum, _, j) => {
    const share =
      items.reduce((count, counts) => count + (counts[j] as number), 0) / (items.length * perItem);
    return sum + share * share;
  }, 0);
  return expected >= 1 ? undefined : (observed - expected) / (1 - expected);
}
