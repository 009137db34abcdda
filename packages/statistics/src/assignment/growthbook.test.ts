import fc from "fast-check";
import { expect, test } from "vitest";
import { assignGrowthBookVariant, fnv32a, growthBookPosition, growthBookRanges } from "./growthbook.ts";
import { findRange, variantRanges } from "./variant-ranges.ts";

test("published vectors of hash version 2", () => {
  expect(growthBookPosition("seed", "a")).toBe(0.0505);
  expect(growthBookPosition("seed", "b")).toBe(0.2696);
  expect(growthBookPosition("foo", "def")).toBe(0.2019);
});

test("FNV-1a vectors", () => {
  expect(fnv32a("")).toBe(0x811c9dc5);
  expect(fnv32a("a")).toBe(0xe40c292c);
  expect(fnv32a("foobar")).toBe(0xbf9cf968);
});

test("ranges of three arms at a fifth of the units", () => {
  const ranges = growthBookRanges([0.2, 0.3, 0.5], 0.2);
  const expected = [
    [0, 0.04],
    [0.2, 0.26],
    [0.5, 0.6],
  ];
  ranges.forEach((range, i) => {
    expect(range.from).toBeCloseTo(expected[i]?.[0] as number, 12);
    expect(range.to).toBeCloseTo(expected[i]?.[1] as number, 12);
  });
});

test("weights that do not add up to 1 are refused instead of replaced", () => {
  expect(() => growthBookRanges([0.5, 0.4])).toThrow("weights must be fractions that add up to 1");
  expect(() => growthBookRanges([Number.NaN, 1])).toThrow("weights");
});

test("an assigned position lies in the range of its arm and in no other", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (seed, unit, coverage) => {
        const ranges = growthBookRanges([0.2, 0.3, 0.5], coverage);
        const position = growthBookPosition(seed, unit);
        const holders = ranges.flatMap((range, i) =>
          position >= range.from && position < range.to ? [i] : [],
        );
        const arm = assignGrowthBookVariant(seed, unit, ranges);
        expect(holders).toEqual(arm === undefined ? [] : [arm]);
      },
    ),
  );
});

test("at full coverage every position below the sum of weights has an arm", () => {
  const weights = fc
    .array(fc.nat(1000), { minLength: 1 })
    .filter((list) => list.some((weight) => weight > 0));
  fc.assert(
    fc.property(weights, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (list, share) => {
      const total = list.reduce((sum, weight) => sum + weight, 0);
      expect(findRange(Math.floor(share * total), variantRanges(list, 1))).toBeTypeOf("number");
    }),
  );
});
