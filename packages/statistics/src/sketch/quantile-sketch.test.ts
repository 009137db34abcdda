import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addToSketch,
  emptySketch,
  mergeSketches,
  SKETCH_ACCURACY,
  sketchReader,
  type QuantileSketch,
} from "./quantile-sketch.ts";

const value = fc.oneof(
  fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
  fc.constant(0),
  fc.constant(Infinity),
);
const values = fc.array(value, { minLength: 1, maxLength: 200 });

function sketchOf(list: readonly number[]): QuantileSketch {
  const sketch = emptySketch();
  for (const x of list) addToSketch(sketch, x);
  return sketch;
}

test("every order statistic is known within half a percent, its upper edge within one", () => {
  fc.assert(
    fc.property(values, (list) => {
      const reader = sketchReader(sketchOf(list));
      list
        .toSorted((a, b) => a - b)
        .forEach((x, i) => {
          const isExact = x === 0 || x === Infinity;
          const error = isExact ? Number(reader.value(i + 1) !== x) : Math.abs(reader.value(i + 1) / x - 1);
          expect(error).toBeLessThanOrEqual(SKETCH_ACCURACY * (1 + 1e-9));
          expect(reader.upperEdge(i + 1)).toBeGreaterThanOrEqual(x);
          expect(reader.upperEdge(i + 1)).toBeLessThanOrEqual(x * (1 + 2.1 * SKETCH_ACCURACY));
        });
    }),
  );
});

test("merging loses nothing, in any order, also through JSON", () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      const merged = mergeSketches(sketchOf(a), JSON.parse(JSON.stringify(sketchOf(b))) as QuantileSketch);
      expect(merged).toEqual(sketchOf([...a, ...b]));
      expect(mergeSketches(sketchOf(b), sketchOf(a))).toEqual(merged);
    }),
  );
});

test("a million latencies keep a small sketch", () => {
  const sketch = emptySketch();
  for (let i = 1; i <= 1_000_000; i++) addToSketch(sketch, 50 + (i % 9973) * 2);
  expect(Object.keys(sketch.buckets).length).toBeLessThan(700);
  expect(sketchReader(sketch).value(950_000) / (50 + 0.95 * 9973 * 2)).toBeCloseTo(1, 2);
});

test("values and ranks that have no meaning are refused by name", () => {
  expect(() => addToSketch(emptySketch(), -1)).toThrow("value");
  expect(() => addToSketch(emptySketch(), Number.NaN)).toThrow("value");
  expect(() => sketchReader(sketchOf([1])).value(2)).toThrow("rank");
  expect(() => sketchReader(sketchOf([1])).value(0)).toThrow("rank");
});
