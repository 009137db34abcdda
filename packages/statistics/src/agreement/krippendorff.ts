import { InvalidArgument } from "../invalid-argument.ts";

export type MeasurementLevel = "nominal" | "ordinal" | "interval" | "ratio";

/**
 * Krippendorff's alpha: 1 - observed over expected disagreement of all pairable ratings; any number of raters, missing ratings
 * (`null`) allowed, items with a single rating ignored (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability").
 *
 * Below 0.667 no conclusion should rest on the ratings; 0.8 is the customary bar.
 *
 * @param items per item the ratings of its raters, as numbers (for `nominal` any code; for `ratio` at least 0)
 * @returns `undefined` where nothing can be compared or all ratings are the same
 */
export function krippendorffAlpha(
  items: readonly (readonly (number | null)[])[],
  level: MeasurementLevel,
): number | undefined {
  const pairable = items.map((item, i) => presentRatings(item, i)).filter((ratings) => ratings.length > 1);
  const values = [...new Set(pairable.flat())].sort((a, b) => a - b);
  const positions = new Map(values.map((value, i) => [value, i]));
  const totals = values.map(() => 0);
  const counted = pairable.map((ratings) => {
    const counts = new Map<number, number>();
    for (const rating of ratings) {
      const position = positions.get(rating) as number;
      counts.set(position, (counts.get(position) ?? 0) + 1);
      totals[position] = (totals[position] as number) + 1;
    }
    return { counts: [...counts], size: ratings.length };
  });
  const distance = squaredDistances(level, values, totals);
  const n = totals.reduce((sum, count) => sum + count, 0);
  let observed = 0;
  for (const { counts, size } of counted) observed += pairedDistance(counts, distance) / (size - 1);
  const expected = pairedDistance([...totals.entries()], distance) / (n - 1);
  return n === 0 || expected === 0 ? undefined : 1 - observed / expected;
}

function presentRatings(item: readonly (number | null)[], index: number): number[] {
  return item.filter((rating): rating is number => {
    if (rating !== null && !Number.isFinite(rating)) {
      throw new InvalidArgument(`items[${index}]`, "a list of finite numbers and nulls", rating);
    }
    return rating !== null;
  });
}

/** Sum over the unordered pairs of different values of count times count times distance. */
function pairedDistance(
  counts: readonly (readonly [number, number])[],
  distance: (i: number, j: number) => number,
): number {
  let sum = 0;
  for (let a = 0; a < counts.length; a++) {
    const [i, countI] = counts[a] as readonly [number, number];
    for (let b = 0; b < a; b++) {
      const [j, countJ] = counts[b] as readonly [number, number];
      sum += countI * countJ * distance(i, j);
    }
  }
  return sum;
}

/** Takes positions in the sorted list of values. */
function squaredDistances(
  level: MeasurementLevel,
  values: readonly number[],
  totals: readonly number[],
): (i: number, j: number) => number {
  const value = (i: number): number => values[i] as number;
  if (level === "nominal") return () => 1;
  if (level === "interval") return (i, j) => (value(i) - value(j)) ** 2;
  if (level === "ratio") {
    if (values.some((rating) => rating < 0)) {
      throw new InvalidArgument("items", "ratings of at least 0 at the ratio level", values[0]);
    }
    return (i, j) => ((value(i) - value(j)) / (value(i) + value(j))) ** 2;
  }
  const ranks: number[] = [];
  let below = 0;
  for (const total of totals) {
    ranks.push(below + total / 2);
    below += total;
  }
  return (i, j) => ((ranks[i] as number) - (ranks[j] as number)) ** 2;
}
