import { expect, it } from "vitest";
import { keepsRate, quantile, rateInterval, rateP } from "./bars.ts";

it.each([
  // Sums of the binomial probabilities.
  [500, 0.05, 0.50640667, true],
  [540, 0.05, 0.03614506, false],
  [0, 0, 1, true],
  [1, 0, 0, false],
])("%d of 10,000 at %d has p %d", (count, alpha, p, isKept) => {
  const bar = { count, runs: 10_000, alpha };
  expect(rateP(bar)).toBeCloseTo(p, 7);
  expect(keepsRate(bar)).toBe(isKept);
});

it("counts what was never found as the largest", () => {
  expect(quantile([5, 1, null, 3], 0.5)).toBe(3);
  expect(quantile([5, 1, null, 3], 0.9)).toBe(Number.POSITIVE_INFINITY);
  expect(quantile([], 0.5)).toBe(Number.POSITIVE_INFINITY);
});

it.each([
  // Of 0: 1 - .025^(1/n). The others from the quantiles of the Beta distribution.
  [0, 10_000, 0, 0.00036882],
  [100, 100, 0.96378331, 1],
  [5, 100, 0.01643188, 0.11283491],
])("%d of %d: %d to %d", (count, runs, lower, upper) => {
  const interval = rateInterval(count, runs);
  expect(interval[0]).toBeCloseTo(lower, 7);
  expect(interval[1]).toBeCloseTo(upper, 7);
});
