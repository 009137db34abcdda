import fc from "fast-check";
import { expect, test } from "vitest";
import { solveIncreasing } from "./solve.ts";

test("finds the root from any bracket", () => {
  const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(finite, finite, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (root, low, width) => {
      const found = solveIncreasing((x) => (x - root) ** 3 + (x - root), low, low + width);
      expect(Math.abs(found - root)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(root)));
    }),
  );
});

test("steep, flat and stepped functions", () => {
  expect(solveIncreasing((x) => Math.expm1(50 * (x - 2)), 0, 1)).toBeCloseTo(2, 12);
  expect(solveIncreasing((x) => Math.atan(x - 300), 0, 1)).toBeCloseTo(300, 9);
  expect(solveIncreasing((x) => (x < 5 ? -1 : 1), 0, 1)).toBeCloseTo(5, 12);
});

test("a function without a root gives NaN instead of running on", () => {
  expect(solveIncreasing(() => 1, 0, 1)).toBeNaN();
  expect(solveIncreasing(() => -1, 0, 1)).toBeNaN();
  expect(solveIncreasing(() => Number.NaN, 0, 1)).toBeNaN();
});
