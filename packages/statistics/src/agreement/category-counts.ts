import { InvalidArgument, requireCount } from "../invalid-argument.ts";

/** Per item, how many raters chose each category; all items have the same categories. */
export type CategoryCounts = readonly (readonly number[])[];

/** Refuses what is no such table; returns the number of raters of each item. */
export function requireCategoryCounts(items: CategoryCounts): number[] {
  const categories = items[0]?.length ?? 0;
  return items.map((counts, i) => {
    if (counts.length !== categories || categories === 0) {
      throw new InvalidArgument(`items[${i}]`, `a list of ${Math.max(1, categories)} counts`, counts.length);
    }
    counts.forEach((count, j) => requireCount(`items[${i}][${j}]`, count));
    return counts.reduce((sum, count) => sum + count, 0);
  });
}

/** Share of the pairs of raters of one item that agree, for at least two raters. */
export function pairAgreement(counts: readonly number[], raters: number): number {
  return counts.reduce((sum, count) => sum + count * (count - 1), 0) / (raters * (raters - 1));
}
