import fc from "fast-check";
import { expect, test } from "vitest";
import { combineStrata } from "./strata.ts";

const arm = fc.record({
  n: fc.integer({ min: 2, max: 1000 }),
  mean: fc.double({ min: -10, max: 10, noNaN: true }),
  variance: fc.double({ min: 0.01, max: 10, noNaN: true }),
});

test("one period stays what it is", () => {
  fc.assert(
    fc.property(arm, arm, (a, b) => {
      const combined = combineStrata([[a, b]]);
      expect(combined?.[0]?.mean).toBeCloseTo(a.mean, 12);
      expect(combined?.[1]?.variance).toBeCloseTo(b.variance, 9);
      expect(combined?.map(({ n }) => n)).toEqual([a.n, b.n]);
    }),
  );
});

test("an arm that was large on good days is not better for it", () => {
  const good = { mean: 0.9, variance: 0.09 };
  const bad = { mean: 0.5, variance: 0.25 };
  const combined = combineStrata([
    [{ n: 100, ...good }, { n: 900, ...good }], // prettier-ignore
    [{ n: 900, ...bad }, { n: 100, ...bad }], // prettier-ignore
  ]);
  expect(combined?.[0]?.mean).toBeCloseTo(0.7, 12);
  expect(combined?.[1]?.mean).toBeCloseTo(0.7, 12);
});

test("equal allocation in equal periods gives the pooled mean, with the variance within periods", () => {
  const a = { n: 50, mean: 1, variance: 2 };
  const b = { n: 50, mean: 3, variance: 4 };
  expect(combineStrata([[a, a], [b, b]])?.[0]).toEqual({ n: 100, mean: 2, variance: 3 }); // prettier-ignore
});

test("a period without one of the arms is left out", () => {
  const a = { n: 50, mean: 1, variance: 2 };
  expect(combineStrata([[a, undefined], [a, a]])).toEqual([a, a]); // prettier-ignore
  expect(combineStrata([[a, undefined]])).toBeUndefined();
  expect(combineStrata([])).toBeUndefined();
  expect(() => combineStrata([[a, a], [a, a, a]])).toThrow("strata[1]"); // prettier-ignore
});
