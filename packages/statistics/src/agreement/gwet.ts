import { pairAgreement, requireCategoryCounts, type CategoryCounts } from "./category-counts.ts";

/**
 * Gwet's AC1: agreement beyond a chance that, unlike kappa's, does not grow with prevalence (Gwet 2008). Any number of raters,
 * which may differ between items; items with one rating count for the prevalence only. `undefined` without an item of two ratings or
 * with a single category.
 */
export function gwetAC1(items: CategoryCounts): number | undefined {
  const raters = requireCategoryCounts(items);
  const categories = items[0]?.length ?? 0;
  const shares = Array.from({ length: categories }, () => 0);
  let [observed, pairable, rated] = [0, 0, 0];
  items.forEach((counts, i) => {
    const count = raters[i] as number;
    if (count === 0) return;
    rated++;
    counts.forEach((chosen, j) => (shares[j] = (shares[j] as number) + chosen / count));
    if (count < 2) return;
    pairable++;
    observed += pairAgreement(counts, count);
  });
  if (pairable === 0 || categories < 2) return undefined;
  const chance =
    shares.reduce((sum, share) => sum + (share / rated) * (1 - share / rated), 0) / (categories - 1);
  return (observed / pairable - chance) / (1 - chance);
}
