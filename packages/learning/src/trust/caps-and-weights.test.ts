import fc from "fast-check";
import { expect, test } from "vitest";
import { contributorCap } from "./cap-contributors.ts";
import { agreementMean, trustWeight } from "./trust-weight.ts";

test.each([
  [0, 25],
  [100, 25],
  [1_249, 25],
  [1_250, 25],
  [100_000, 25],
])("of %d items one person may have %d", (size, cap) => {
  expect(contributorCap(size)).toBe(cap);
});

test("a larger number is held to the share in a large dataset", () => {
  const caps = { maximumItems: 1_000, maximumShare: 0.02 };
  expect(contributorCap(1_000, caps)).toBe(1_000);
  expect(contributorCap(10_000, caps)).toBe(200);
});

test.each([
  [0, 0, 0.75, 0.5],
  [18, 0, 0.975, 0.95],
  [0, 18, 0.075, 0],
  [9, 9, 0.525, 0.05],
])("%d agreed and %d disagreed: mean %d, weight %d", (agreed, disagreed, mean, weight) => {
  expect(agreementMean({ agreed, disagreed })).toBeCloseTo(mean, 12);
  expect(trustWeight({ agreed, disagreed })).toBeCloseTo(weight, 12);
});

test("trust rises with agreement, stays within 0 and 1", () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), (agreed, disagreed) => {
      const weight = trustWeight({ agreed, disagreed });
      expect(weight).toBeGreaterThanOrEqual(0);
      expect(weight).toBeLessThan(1);
      expect(trustWeight({ agreed: agreed + 1, disagreed })).toBeGreaterThanOrEqual(weight);
    }),
    { numRuns: 50 },
  );
});
