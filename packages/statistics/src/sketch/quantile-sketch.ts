import { InvalidArgument, requireCount } from "../invalid-argument.ts";

/**
 * A summary of non-negative numbers whose order statistics are known within half a percent (DDSketch; Masson, Rim, Lee 2019):
 * counts of buckets whose edges grow by a constant factor. Plain data; sketches merge without loss.
 */
export interface QuantileSketch {
  count: number;
  /** Values of 0. */
  zeros: number;
  /** Values of Infinity, such as timeouts. */
  infinite: number;
  /** Bucket i holds the values in (growth^(i-1), growth^i]. */
  buckets: Record<string, number>;
}

/** Relative error of a value that is read from the sketch. */
export const SKETCH_ACCURACY = 0.005;
const GROWTH = (1 + SKETCH_ACCURACY) / (1 - SKETCH_ACCURACY);
const LN_GROWTH = Math.log(GROWTH);

export function emptySketch(): QuantileSketch {
  return { count: 0, zeros: 0, infinite: 0, buckets: {} };
}

/** Changes `sketch`; `value` from 0 to Infinity. */
export function addToSketch(sketch: QuantileSketch, value: number): void {
  if (!(value >= 0)) throw new InvalidArgument("value", "a number of at least 0", value);
  sketch.count++;
  if (value === 0) sketch.zeros++;
  else if (value === Infinity) sketch.infinite++;
  else {
    const index = Math.ceil(Math.log(value) / LN_GROWTH);
    sketch.buckets[index] = (sketch.buckets[index] ?? 0) + 1;
  }
}

/** A new sketch of the values of both. */
export function mergeSketches(a: QuantileSketch, b: QuantileSketch): QuantileSketch {
  const buckets = { ...a.buckets };
  for (const [index, count] of Object.entries(b.buckets)) buckets[index] = (buckets[index] ?? 0) + count;
  return { count: a.count + b.count, zeros: a.zeros + b.zeros, infinite: a.infinite + b.infinite, buckets };
}

/**
 * Reads many ranks of one sketch. `value` is within 0.5 % of the value at the rank; `upperEdge` is at least that value and at
 * most 1 % above it, which is what an upper limit needs.
 */
export function sketchReader(sketch: QuantileSketch): {
  value(rank: number): number;
  upperEdge(rank: number): number;
} {
  const indexes = Object.keys(sketch.buckets)
    .map(Number)
    .sort((a, b) => a - b);
  let below = sketch.zeros;
  const cumulative = indexes.map((index) => (below += sketch.buckets[index] as number));
  const bucketOf = (rank: number): number => {
    requireCount("rank", rank, 1);
    if (rank > sketch.count) throw new InvalidArgument("rank", `at most the ${sketch.count} values`, rank);
    if (rank <= sketch.zeros) return -Infinity;
    return indexes[cumulative.findIndex((count) => rank <= count)] ?? Infinity;
  };
  const edge = (index: number): number => Math.exp(index * LN_GROWTH);
  return {
    value: (rank) => {
      const index = bucketOf(rank);
      return Number.isFinite(index) ? (edge(index) * 2) / (GROWTH + 1) : edge(index);
    },
    // A value on the very edge may have been counted one rounding error above it.
    upperEdge: (rank) => edge(bucketOf(rank)) * (1 + 1e-12),
  };
}
