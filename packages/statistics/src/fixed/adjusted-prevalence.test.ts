import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidArgument } from "../invalid-argument.ts";
import { randomBinomial } from "../random/binomial.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { adjustedPrevalence } from "./adjusted-prevalence.ts";

const count = (successes: number, trials: number): { successes: number; trials: number } => ({
  successes,
  trials,
});

test.each([
  // (p + sp − 1) / (se + sp − 1)
  [count(60, 100), count(90, 100), count(80, 100), (0.6 + 0.8 - 1) / (0.9 + 0.8 - 1)],
  [count(10, 100), count(90, 100), count(80, 100), 0],
  [count(95, 100), count(90, 100), count(95, 100), 1],
  [count(37, 100), count(50, 50), count(70, 70), 0.37],
])("%o with sensitivity %o and specificity %o is %d", (observed, sensitivity, specificity, estimate) => {
  const adjusted = adjustedPrevalence({ observed, sensitivity, specificity });
  expect(adjusted.estimate).toBeCloseTo(estimate, 12);
  expect(adjusted.lower).toBeLessThanOrEqual(adjusted.upper);
});

describe("the interval", () => {
  test.each([
    [0.5, 0.9, 0.85, 60, 200],
    [0.85, 0.8, 0.7, 50, 150],
    [0.1, 0.95, 0.9, 40, 300],
  ])("covers a true share of %d", (truth, se, sp, known, trials) => {
    const random = new SeededRandom("adjusted-prevalence");
    let covered = 0;
    const runs = 1_000;
    for (let run = 0; run < runs; run += 1) {
      const positive = truth * se + (1 - truth) * (1 - sp);
      const { lower, upper } = adjustedPrevalence({
        observed: count(randomBinomial(random, trials, positive), trials),
        sensitivity: count(randomBinomial(random, known, se), known),
        specificity: count(randomBinomial(random, known, sp), known),
      });
      if (lower <= truth && truth <= upper) covered += 1;
    }
    expect(covered / runs).toBeGreaterThan(0.93);
  });

  test("narrows with more known cases and holds 0 to 1", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 5, max: 200 }), (positives, known) => {
        const width = (factor: number): number => {
          const { lower, upper } = adjustedPrevalence({
            observed: count(positives, 200),
            sensitivity: count(0.9 * known * factor, known * factor),
            specificity: count(0.9 * known * factor, known * factor),
          });
          expect(lower).toBeGreaterThanOrEqual(0);
          expect(upper).toBeLessThanOrEqual(1);
          return upper - lower;
        };
        expect(width(100)).toBeLessThanOrEqual(width(1) + 1e-9);
      }),
      { numRuns: 60 },
    );
  });
});

test.each([
  [{ observed: count(1, 0) }],
  [{ observed: count(2, 1) }],
  [{ sensitivity: count(4, 10), specificity: count(6, 10) }],
  [{ alpha: 0 }],
  [{ observed: count(Number.NaN, 10) }],
])("refuses %o", (wrong) => {
  const right = { observed: count(5, 10), sensitivity: count(9, 10), specificity: count(9, 10) };
  expect(() => adjustedPrevalence({ ...right, ...wrong })).toThrow(InvalidArgument);
});
