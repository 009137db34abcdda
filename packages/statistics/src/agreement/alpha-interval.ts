import { InvalidArgument, requireCount, requireFinite, requireOpenUnit } from "../invalid-argument.ts";
import { SeededRandom } from "../random/seeded-random.ts";

export interface AlphaIntervalOptions {
  /** The same seed gives the same interval. */
  readonly seed: string | number;
  /** Two-sided; default 0.05. */
  readonly alpha?: number;
  /** Default 1,000. */
  readonly resamples?: number;
}

/** An alpha that is interval-level, or nominal over two categories coded 0 and 1: the two are then the same number. */
export interface AlphaInterval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Krippendorff's interval-level alpha with a percentile bootstrap interval over items: what another panel of such items would
 * have shown. Items are drawn anew as a whole, so that their ratings stay together; each draw costs one addition an item, because
 * the sum over pairs of squared distances of n numbers is n Σx² − (Σx)² (Krippendorff 2011 for alpha; Efron 1979).
 *
 * @param items per item its ratings, finite numbers; items with fewer than two are left out
 * @returns undefined where nothing can be compared or all ratings are the same
 */
export function alphaInterval(
  items: readonly (readonly number[])[],
  options: AlphaIntervalOptions,
): AlphaInterval | undefined {
  const { alpha = 0.05, resamples = 1_000 } = options;
  requireOpenUnit("alpha", alpha);
  requireCount("resamples", resamples, 1);
  if (resamples < Math.ceil(2 / alpha))
    throw new InvalidArgument("resamples", "at least 2 / alpha", resamples);
  const pairable = items.filter((ratings) => ratings.length > 1);
  const size = pairable.length;
  const [counts, sums, squares, within] = [0, 1, 2, 3].map(() => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  // Around the middle, so that squares do not lose the digits of close ratings.
  const all = pairable.flat();
  all.forEach((rating, i) => requireFinite(`ratings[${i}]`, rating));
  const middle = all.reduce((sum, rating) => sum + rating, 0) / Math.max(1, all.length);
  for (const [i, ratings] of pairable.entries()) {
    for (const rating of ratings) {
      const value = rating - middle;
      counts[i] = (counts[i] as number) + 1;
      sums[i] = (sums[i] as number) + value;
      squares[i] = (squares[i] as number) + value * value;
    }
    const n = counts[i] as number;
    within[i] = (n * (squares[i] as number) - (sums[i] as number) ** 2) / (n - 1);
  }
  const alphaOf = (index: (draw: number) => number): number | undefined => {
    let [n, sum, square, observed] = [0, 0, 0, 0];
    for (let draw = 0; draw < size; draw++) {
      const i = index(draw);
      n += counts[i] as number;
      sum += sums[i] as number;
      square += squares[i] as number;
      observed += within[i] as number;
    }
    const expected = (n * square - sum * sum) / (n - 1);
    return size === 0 || expected <= 1e-12 * n ? undefined : 1 - observed / expected;
  };
  const estimate = alphaOf((draw) => draw);
  if (estimate === undefined) return undefined;
  const random = new SeededRandom(options.seed);
  const draws: number[] = [];
  for (let round = 0; round < resamples; round++) {
    // A draw without any variation compares nothing; the others are the panels that say something.
    const drawn = alphaOf(() => Math.floor((random.uint32() / 2 ** 32) * size));
    if (drawn !== undefined) draws.push(drawn);
  }
  draws.sort((a, b) => a - b);
  const at = (share: number): number =>
    draws[Math.min(draws.length - 1, Math.max(0, Math.round(share * (draws.length + 1)) - 1))] ?? estimate;
  return { estimate, lower: at(alpha / 2), upper: at(1 - alpha / 2) };
}
