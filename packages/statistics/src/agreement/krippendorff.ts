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
  const disagreement = disagreementOf(level, values, totals);
  const n = totals.reduce((sum, count) => sum + count, 0);
  let observed = 0;
  for (const { counts, size } of counted) observed += disagreement(counts) / (size - 1);
  const expected = disagreement([...totals.entries()]) / (n - 1);
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

type Counts = readonly (readonly [number, number])[];

/**
 * Sum over all pairs of two ratings of their squared distance. Takes [position in the sorted list of values, count]. Ordinal ratings are
 * at a distance of their middle ranks; for scores the sum over pairs is n times the sum of squares around the mean, so that
 * thousands of different slider values cost no more than thousands of steps.
 */
function disagreementOf(
  level: MeasurementLevel,
  values: readonly number[],
  totals: readonly number[],
): (counts: Counts) => number {
  if (level === "nominal") return differentPairs;
  if (level === "ratio") return (counts) => ratioDisagreement(counts, values);
  const scores = level === "interval" ? values : middleRanks(totals);
  return (counts) => {
    const [n, sum] = counts.reduce(
      ([n, sum], [i, count]) => [n + count, sum + count * (scores[i] as number)],
      [0, 0],
    );
    return (
      n * counts.reduce((squares, [i, count]) => squares + count * ((scores[i] as number) - sum / n) ** 2, 0)
    );
  };
}

function differentPairs(counts: Counts): number {
  let [before, pairs] = [0, 0];
  for (const [, count] of counts) {
    pairs += count * before;
    before += count;
  }
  return pairs;
}

function ratioDisagreement(counts: Counts, values: readonly number[]): number {
  if ((values[0] ?? 0) < 0)
    throw new InvalidArgument("items", "ratings of at least 0 at the ratio level", values[0]);
  let sum = 0;
  counts.forEach(([i, countI], a) => {
    const x = values[i] as number;
    for (let b = 0; b < a; b++) {
      const [j, countJ] = counts[b] as readonly [number, number];
      const y = values[j] as number;
      sum += countI * countJ * ((x - y) / (x + y)) ** 2;
    }
  });
  return sum;
}

function middleRanks(totals: readonly number[]): number[] {
  let below = 0;
  return totals.map((total) => {
    below += total;
    return below - total / 2;
  });
}
