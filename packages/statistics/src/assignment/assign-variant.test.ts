import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidArgument } from "../invalid-argument.ts";
import {
  assignmentPosition,
  assignVariant,
  createAllocation,
  MAXIMUM_TOTAL_WEIGHT,
} from "./assign-variant.ts";
import { murmur3 } from "./murmur3.ts";

const weightLists = fc
  .array(fc.nat(300_000), { minLength: 1, maxLength: 6 })
  .filter((weights) => weights.some((weight) => weight > 0));

test("the bucket equals (murmur3_32(utf8(seed + ':' + unit)) W) >> 32 in BigInt arithmetic", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      fc.integer({ min: 1, max: MAXIMUM_TOTAL_WEIGHT }),
      (seed, unit, total) => {
        const bucket = (BigInt(murmur3(`${seed}:${unit}`)) * BigInt(total)) >> 32n;
        expect(BigInt(Math.floor(assignmentPosition(seed, unit, total)))).toBe(bucket);
      },
    ),
    { numRuns: 2000 },
  );
});

test("the comparison with whole bounds is exact: same arm as integer arithmetic at full coverage", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), weightLists, (seed, unit, weights) => {
      const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
      const scaled = BigInt(murmur3(`${seed}:${unit}`)) * total;
      let end = 0n;
      const expected = weights.findIndex((weight) => scaled < (end += BigInt(weight)) << 32n);
      expect(assignVariant(seed, unit, createAllocation(weights))).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test("raising the coverage never moves a unit between arms and never drops one", () => {
  const coverage = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.string(), fc.string(), weightLists, coverage, coverage, (seed, unit, weights, a, b) => {
      const before = assignVariant(seed, unit, createAllocation(weights, Math.min(a, b)));
      const after = assignVariant(seed, unit, createAllocation(weights, Math.max(a, b)));
      expect(before ?? after).toBe(after);
    }),
  );
});

test("coverage holds where the sum of weights is small: a tenth of two arms of weight 1", () => {
  const counts = countArms(createAllocation([1, 1], 0.1), 20_000);
  expect(counts[0]).toBeGreaterThan(900);
  expect(counts[0]).toBeLessThan(1100);
  expect(counts[1]).toBeGreaterThan(900);
  expect(counts[1]).toBeLessThan(1100);
});

test("a ramp from 5 to 25 percent keeps the first 5 percent where they were", () => {
  const small = createAllocation([50, 50], 0.1);
  const large = createAllocation([50, 50], 0.5);
  let canaries = 0;
  for (let i = 0; i < 5000; i++) {
    if (assignVariant("ramp", `user-${i}`, small) !== 0) continue;
    canaries++;
    expect(assignVariant("ramp", `user-${i}`, large)).toBe(0);
  }
  expect(canaries).toBeGreaterThan(200);
});

test("shares follow the weights and an arm of weight 0 gets nobody", () => {
  const counts = countArms(createAllocation([20, 0, 30, 50]), 50_000);
  expect(counts[1]).toBe(0);
  [0.2, 0, 0.3, 0.5].forEach((share, i) =>
    expect(Math.abs((counts[i] as number) / 50_000 - share)).toBeLessThan(0.01),
  );
});

function countArms(allocation: ReturnType<typeof createAllocation>, units: number): number[] {
  const counts = allocation.ranges.map(() => 0);
  for (let i = 0; i < units; i++) {
    const arm = assignVariant("seed", `unit-${i}`, allocation);
    if (arm !== undefined) counts[arm] = (counts[arm] as number) + 1;
  }
  return counts;
}

describe("refused allocations say which argument is wrong", () => {
  test.each<[string, number[], number | undefined, string]>([
    ["no arm", [], undefined, "weights"],
    ["no weight above 0", [0, 0], undefined, "weights"],
    ["a fraction", [0.5, 0.5], undefined, "weights[0]"],
    ["a negative weight", [10, -1], undefined, "weights[1]"],
    ["NaN", [10, Number.NaN], undefined, "weights[1]"],
    ["too large a sum", [MAXIMUM_TOTAL_WEIGHT, 1], undefined, "weights"],
    ["a coverage above 1", [1, 1], 1.01, "coverage"],
    ["a coverage that is not a number", [1, 1], Number.NaN, "coverage"],
  ])("%s", (_name, weights, coverage, argument) => {
    expect(() => createAllocation(weights, coverage)).toThrow(InvalidArgument);
    expect(() => createAllocation(weights, coverage)).toThrow(expect.objectContaining({ argument }));
  });
});
