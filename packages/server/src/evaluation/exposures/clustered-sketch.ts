import type { PairedUnitSums, QuantileSketch } from "@agent-learning/statistics";
import { ZERO_BUCKET } from "./contributions.ts";

/**
 * What a quantile of one arm needs of its units, as sums over them, so that no look reads units again. With c_u(b) the outcomes
 * of unit u in bucket b, k_u(b) those in b and below, n_u all of them:
 * - `values`: Σ c_u(b), the sketch
 * - `pairs`: the ordered pairs of outcomes of one unit whose larger one is in b. Its running total at b is Σ k_u(b)²
 * - `sizes`: Σ n_u c_u(b). Its running total at b is Σ k_u(b) n_u
 * The last two are the clustered variance of the share of outcomes at or below any bucket's edge.
 */
export interface ClusteredSketch {
  values: Record<string, number>;
  pairs: Record<string, number>;
  sizes: Record<string, number>;
}

export const emptyClusteredSketch = (): ClusteredSketch => ({ values: {}, pairs: {}, sizes: {} });

const orderOf = (bucket: string): number => (bucket === ZERO_BUCKET ? -Infinity : Number(bucket));

const inOrder = (counts: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(counts).sort(([a], [b]) => orderOf(a) - orderOf(b));

function addTo(counts: Record<string, number>, bucket: string, count: number): void {
  const total = (counts[bucket] ?? 0) + count;
  if (total === 0) delete counts[bucket];
  else counts[bucket] = total;
}

/** Adds (`sign` 1) or takes away (−1) a unit's outcomes by bucket. Changes `sketch`. */
export function countUnit(
  sketch: ClusteredSketch,
  unit: Readonly<Record<string, number>>,
  sign: 1 | -1,
): void {
  const size = Object.values(unit).reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [bucket, count] of inOrder(unit)) {
    addTo(sketch.values, bucket, sign * count);
    addTo(sketch.pairs, bucket, sign * count * (count + 2 * below));
    addTo(sketch.sizes, bucket, sign * count * size);
    below += count;
  }
}

/** Counts the new outcomes (`added`, by bucket) of a unit that has those of `now` with them. Changes `sketch`. */
export function addToUnit(
  sketch: ClusteredSketch,
  now: Readonly<Record<string, number>>,
  added: Readonly<Record<string, number>>,
): void {
  const before = Object.entries(now).map(
    ([bucket, count]) => [bucket, count - (added[bucket] ?? 0)] as const,
  );
  countUnit(sketch, Object.fromEntries(before.filter(([, count]) => count > 0)), -1);
  countUnit(sketch, now, 1);
}

/** A new sketch of the units of both. */
export function mergeClusteredSketches(
  ...sketches: readonly (ClusteredSketch | undefined)[]
): ClusteredSketch {
  const merged = emptyClusteredSketch();
  for (const sketch of sketches) {
    for (const part of ["values", "pairs", "sizes"] as const) {
      for (const [bucket, count] of Object.entries(sketch?.[part] ?? {})) addTo(merged[part], bucket, count);
    }
  }
  return merged;
}

/** The sketch for reading order statistics. */
export function toQuantileSketch({ values }: ClusteredSketch): QuantileSketch {
  const { [ZERO_BUCKET]: zeros = 0, ...buckets } = values;
  const count = Object.values(values).reduce((sum, each) => sum + each, 0);
  return { count, zeros, infinite: 0, buckets };
}

/**
 * Per unit, how many of its outcomes are in buckets up to the one that holds `rank` (value), and how many it has (other value), as
 * sums over `units` units: what `quantileSummary` takes for clusters.
 */
export function clustersAt(sketch: ClusteredSketch, rank: number, units: number): PairedUnitSums {
  let below = 0;
  let pairs = 0;
  let sizes = 0;
  for (const [bucket, count] of inOrder(sketch.values)) {
    below += count;
    pairs += sketch.pairs[bucket] ?? 0;
    sizes += sketch.sizes[bucket] ?? 0;
    if (below >= rank) break;
  }
  const total = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    n: units,
    sum: below,
    sumSquares: pairs,
    otherSum: total(sketch.values),
    // Σ n_u²: every outcome of a unit, times the unit's size.
    otherSumSquares: total(sketch.sizes),
    crossSum: sizes,
  };
}
