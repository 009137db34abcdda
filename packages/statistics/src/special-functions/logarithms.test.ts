import fc from "fast-check";
import { expect, test } from "vitest";
import { ln1mExp, lnAdd, lnMinusExcess, lnSum } from "./logarithms.ts";

const ln = fc.double({ min: -50, max: 50, noNaN: true });

test("sums of numbers given by their logarithms", () => {
  fc.assert(
    fc.property(ln, ln, ln, (a, b, c) => {
      expect(lnAdd(a, b)).toBeCloseTo(Math.log(Math.exp(a) + Math.exp(b)), 12);
      expect(lnAdd(a, b)).toBe(lnAdd(b, a));
      expect(lnSum([a, b, c])).toBeCloseTo(lnAdd(a, lnAdd(b, c)), 12);
    }),
  );
});

test("nothing is -Infinity, and far beyond the range of exp the sums stay finite", () => {
  expect(lnAdd(-Infinity, -Infinity)).toBe(-Infinity);
  expect(lnAdd(-Infinity, -3)).toBe(-3);
  expect(lnSum([])).toBe(-Infinity);
  expect(lnSum([-Infinity, -Infinity])).toBe(-Infinity);
  expect(lnSum([-5000, -5000])).toBeCloseTo(-5000 + Math.LN2, 12);
  expect(lnSum([5000, 5000])).toBeCloseTo(5000 + Math.LN2, 9);
});

test("ln(1 - e^x) is its own inverse", () => {
  fc.assert(
    fc.property(fc.double({ min: -30, max: -1e-9, noNaN: true }), (x) => {
      expect(ln1mExp(ln1mExp(x)) / x).toBeCloseTo(1, 5);
    }),
  );
  expect(ln1mExp(-1e-300)).toBeCloseTo(Math.log(1e-300), 9);
  expect(ln1mExp(-1e3)).toBeCloseTo(0, 300);
  expect(ln1mExp(0)).toBe(-Infinity);
});

test("ln(ratio) - (ratio - 1): exact at both sides of the switch, quadratic next to 1", () => {
  for (const excess of [-0.9, -0.5000001, -0.4999999, -0.1, 0.3, 0.4999999, 0.5000001, 3]) {
    expect(lnMinusExcess(1 + excess, excess)).toBeCloseTo(Math.log(1 + excess) - excess, 14);
  }
  for (const excess of [1e-5, -1e-5, 1e-8, 1e-150]) {
    expect(lnMinusExcess(1 + excess, excess) / ((-excess * excess) / 2)).toBeCloseTo(1, 4);
  }
  expect(lnMinusExcess(1, 0)).toBeCloseTo(0, 300);
});
