import { InvalidArgument, requireCount } from "../invalid-argument.ts";

/** `table[i][j]`: items that the first rater put into category i and the second into j. Square. */
export type ConfusionTable = readonly (readonly number[])[];

/**
 * Counts pairs of ratings.
 *
 * @param categories all of them, in their order; the order matters for weighted coefficients
 */
export function confusionTable<Category>(
  pairs: Iterable<readonly [Category, Category]>,
  categories: readonly Category[],
): number[][] {
  const positions = new Map(categories.map((category, i) => [category, i]));
  const table = categories.map(() => categories.map(() => 0));
  const position = (category: Category): number => {
    const i = positions.get(category);
    if (i === undefined) throw new InvalidArgument("pairs", "ratings in one of the categories", category);
    return i;
  };
  for (const [first, second] of pairs) {
    const row = table[position(first)] as number[];
    const column = position(second);
    row[column] = (row[column] as number) + 1;
  }
  return table;
}

/** Refuses tables that are empty, not square or hold anything but counts; returns the number of items. */
export function requireConfusionTable(table: ConfusionTable): number {
  let total = 0;
  table.forEach((row, i) => {
    if (row.length !== table.length)
      throw new InvalidArgument(`table[${i}]`, "as long as the table", row.length);
    row.forEach((count, j) => {
      requireCount(`table[${i}][${j}]`, count);
      total += count;
    });
  });
  if (table.length === 0) throw new InvalidArgument("table", "a table of at least one category", table);
  return total;
}
