import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidArgument } from "../invalid-argument.ts";
import { meanSummary, proportionSummary, ratioSummary } from "./arm-summary.ts";
import {
  addPairedUnit,
  addUnit,
  mergePairedUnitSums,
  mergeUnitSums,
  NO_PAIRED_UNITS,
  NO_UNITS,
  type PairedUnitSums,
} from "./unit-sums.ts";

const value = fc.double({ min: -1000, max: 1000, noNaN: true }).map((x) => Math.round(x * 1e6) / 1e6);

test("mean and variance from the sums are those of the values", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 50 }), (values) => {
      const summary = meanSummary(values.reduce(addUnit, NO_UNITS));
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
      expect(summary?.n).toBe(values.length);
      expect(summary?.mean).toBeCloseTo(mean, 8);
      expect(summary?.variance).toBeCloseTo(variance, 4);
    }),
  );
});

test("merging parts gives the sums of the whole", () => {
  const units = fc.array(fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 })));
  const fold = (list: [number, number][]): PairedUnitSums =>
    list.reduce((sums, [x, y]) => addPairedUnit(sums, x, y), NO_PAIRED_UNITS);
  fc.assert(
    fc.property(units, units, (a, b) => {
      expect(mergePairedUnitSums(fold(a), fold(b))).toEqual(fold([...a, ...b]));
      expect(mergeUnitSums(fold(a), fold(b))).toEqual(mergeUnitSums(fold(b), fold(a)));
    }),
  );
});

test("a constant metric has no variance, whatever rounding did to its sums", () => {
  fc.assert(
    fc.property(value, fc.integer({ min: 2, max: 200 }), (x, n) => {
      const summary = meanSummary(Array.from({ length: n }, () => x).reduce(addUnit, NO_UNITS));
      expect(summary?.variance).toBe(0);
    }),
  );
});

test("a proportion has the variance p (1 - p)", () => {
  expect(proportionSummary(1000, 50)).toEqual({ n: 1000, mean: 0.05, variance: 0.05 * 0.95 });
  expect(proportionSummary(1, 1)).toBeUndefined();
  expect(() => proportionSummary(10, 11)).toThrow("successes");
});

test("a ratio over units with one request each is the mean", () => {
  const sums = [0, 1, 0, 0, 1, 0].reduce((all, x) => addPairedUnit(all, x, 1), NO_PAIRED_UNITS);
  const ratio = ratioSummary(sums);
  const mean = meanSummary(sums);
  expect(ratio?.mean).toBeCloseTo(mean?.mean as number, 14);
  expect(ratio?.variance).toBeCloseTo(mean?.variance as number, 14);
});

test("the variance of a ratio is that of its linearised units", () => {
  const unit = fc.tuple(value, fc.double({ min: 0.5, max: 20, noNaN: true }));
  fc.assert(
    fc.property(fc.array(unit, { minLength: 2, maxLength: 40 }), (units) => {
      const ratio = ratioSummary(units.reduce((all, [x, y]) => addPairedUnit(all, x, y), NO_PAIRED_UNITS));
      const denominator = units.reduce((sum, [, y]) => sum + y, 0) / units.length;
      const linear = units.map(([x, y]) => (x - (ratio?.mean as number) * y) / denominator);
      const expected = meanSummary(linear.reduce(addUnit, NO_UNITS))?.variance as number;
      expect(ratio?.variance).toBeCloseTo(expected, 4);
    }),
  );
});

test("no inference without two units or without denominators", () => {
  expect(meanSummary(NO_UNITS)).toBeUndefined();
  expect(ratioSummary(NO_PAIRED_UNITS)).toBeUndefined();
  expect(ratioSummary({ ...NO_PAIRED_UNITS, n: 5 })).toBeUndefined();
});

test("sums that no units can have are refused by name", () => {
  expect(() => addUnit(NO_UNITS, Number.NaN)).toThrow(InvalidArgument);
  expect(() => addPairedUnit(NO_PAIRED_UNITS, 1, Infinity)).toThrow("other");
  expect(() => meanSummary({ n: 1.5, sum: 0, sumSquares: 0 })).toThrow("sums.n");
  expect(() => meanSummary({ n: 2, sum: 0, sumSquares: -1 })).toThrow("sums.sumSquares");
  expect(() => ratioSummary({ ...NO_PAIRED_UNITS, crossSum: Number.NaN })).toThrow("sums.crossSum");
});
