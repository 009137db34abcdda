import fc from "fast-check";
import { expect, test } from "vitest";
import { normalMixtureBound } from "./normal-mixture.ts";

test("reference values", () => {
  const input = { variance: 100, alpha: 0.05, optimalVariance: 100 };
  expect(normalMixtureBound({ ...input, sides: 2 })).toBeCloseTo(30.35209, 5);
  expect(normalMixtureBound({ ...input, sides: 1 })).toBeCloseTo(27.66071, 5);
});

const inputs = fc.record({
  variance: fc.double({ min: 0, max: 1e6, noNaN: true }),
  alpha: fc.double({ min: 1e-6, max: 0.3, noNaN: true }),
  optimalVariance: fc.double({ min: 1, max: 1e5, noNaN: true }),
  sides: fc.constantFrom(1 as const, 2 as const),
});

test("the bound grows with time", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const bound = normalMixtureBound(input);
      expect(normalMixtureBound({ ...input, variance: input.variance * 1.1 + 1 })).toBeGreaterThan(bound);
    }),
  );
});

test("the bound grows with the confidence", () => {
  fc.assert(
    fc.property(inputs, ({ alpha, ...input }) => {
      expect(normalMixtureBound({ ...input, alpha: alpha / 100 })).toBeGreaterThan(
        normalMixtureBound({ ...input, alpha }),
      );
    }),
  );
});

test("at its optimal time no other tuning is tighter", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-4, max: 0.2, noNaN: true }),
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      (alpha, factor) => {
        const tuned = normalMixtureBound({ variance: 100, alpha, optimalVariance: 100, sides: 2 });
        const other = normalMixtureBound({ variance: 100, alpha, optimalVariance: 100 * factor, sides: 2 });
        // ln(1 + L) is a close approximation of the optimum, not the optimum.
        expect(tuned).toBeLessThanOrEqual(other * 1.001);
      },
    ),
  );
});

test("a variance that is none is refused", () => {
  expect(() => normalMixtureBound({ variance: -1, alpha: 0.05, optimalVariance: 1, sides: 2 })).toThrow(
    "variance",
  );
  expect(() => normalMixtureBound({ variance: 1, alpha: 0.05, optimalVariance: 0, sides: 1 })).toThrow(
    "optimalVariance",
  );
});
