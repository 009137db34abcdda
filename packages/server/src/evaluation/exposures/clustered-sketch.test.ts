import { quantileSummary, SeededRandom, sketchReader } from "@agent-learning/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clustersAt,
  countUnit,
  emptyClusteredSketch,
  mergeClusteredSketches,
  toQuantileSketch,
} from "./clustered-sketch.ts";

const unit = fc.dictionary(
  fc.constantFrom("zero", "-3", "0", "5", "12", "101"),
  fc.integer({ min: 1, max: 4 }),
  { maxKeys: 4 },
);
const units = fc.array(unit, { minLength: 1, maxLength: 12 });
const order = (bucket: string): number => (bucket === "zero" ? -Infinity : Number(bucket));

function sketchOf(all: readonly Record<string, number>[]): ReturnType<typeof emptyClusteredSketch> {
  const sketch = emptyClusteredSketch();
  for (const one of all) countUnit(sketch, one, 1);
  return sketch;
}

describe("a clustered sketch", () => {
  it("gives for every bucket the sums that counting each unit would", () => {
    fc.assert(
      fc.property(units, (all) => {
        const sketch = sketchOf(all);
        let rank = 0;
        for (const bucket of Object.keys(sketch.values).sort((a, b) => order(a) - order(b))) {
          rank += sketch.values[bucket] ?? 0;
          const below = all.map((one) =>
            Object.entries(one).reduce((sum, [at, n]) => sum + (order(at) <= order(bucket) ? n : 0), 0),
          );
          const sizes = all.map((one) => Object.values(one).reduce((sum, n) => sum + n, 0));
          const sum = (of: (k: number, n: number) => number): number =>
            all.reduce((total, _, u) => total + of(below[u] ?? 0, sizes[u] ?? 0), 0);
          expect(clustersAt(sketch, rank, all.length)).toEqual({
            n: all.length,
            sum: sum((k) => k),
            sumSquares: sum((k) => k * k),
            otherSum: sum((_k, n) => n),
            otherSumSquares: sum((_k, n) => n * n),
            crossSum: sum((k, n) => k * n),
          });
        }
      }),
    );
  });

  it("takes a unit out again without a trace, and merges in any order", () => {
    fc.assert(
      fc.property(units, units, (a, b) => {
        const both = sketchOf([...a, ...b]);
        expect(mergeClusteredSketches(sketchOf(a), sketchOf(b))).toEqual(both);
        for (const one of b) countUnit(both, one, -1);
        expect(both).toEqual(sketchOf(a));
      }),
    );
  });

  it("widens the interval of a quantile where a unit's outcomes are alike, by the root of how many they are", () => {
    const errorOf = (all: Record<string, number>[]): number => {
      const sketch = sketchOf(all);
      const values = toQuantileSketch(sketch);
      const reader = sketchReader(values);
      const summary = quantileSummary({
        quantile: 0.5,
        count: values.count,
        valueAt: (rank) => reader.value(rank),
        clusters: clustersAt(sketch, values.count / 2, all.length),
      });
      return Math.sqrt((summary?.variance ?? 0) / (summary?.n ?? 1));
    };
    let [alike, spread] = [0, 0];
    for (let seed = 0; seed < 20; seed += 1) {
      const random = new SeededRandom(seed);
      const bucket = (): string => String(Math.floor(random.uniform() * 200));
      alike += errorOf(Array.from({ length: 400 }, () => ({ [bucket()]: 10 })));
      spread += errorOf(
        Array.from({ length: 400 }, () => {
          const one: Record<string, number> = {};
          for (let outcome = 0; outcome < 10; outcome += 1) {
            const at = bucket();
            one[at] = (one[at] ?? 0) + 1;
          }
          return one;
        }),
      );
    }
    expect(alike / spread).toBeGreaterThan(Math.sqrt(10) * 0.85);
    expect(alike / spread).toBeLessThan(Math.sqrt(10) * 1.15);
  });
});
