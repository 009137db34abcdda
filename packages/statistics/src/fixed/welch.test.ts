import fc from "fast-check";
import { expect, test } from "vitest";
import { proportionSummary, type ArmSummary } from "../units/arm-summary.ts";
import { liftOf, type Lift, type LiftScale } from "../units/lift.ts";
import { welchTest } from "./welch.ts";

function fiftyAgainstEighty(scale: LiftScale): Lift {
  const control = proportionSummary(1000, 50) as ArmSummary;
  return liftOf(control, proportionSummary(1000, 80) as ArmSummary, scale) as Lift;
}

test("50 of 1000 against 80 of 1000, absolute", () => {
  const result = welchTest(fiftyAgainstEighty("absolute"));
  expect(result.estimate).toBeCloseTo(0.03, 12);
  expect(result.lower).toBeCloseTo(0.008417807687, 12);
  expect(result.upper).toBeCloseTo(0.051582192313, 12);
  expect(result.pValue).toBeCloseTo(0.006466411537, 12);
});

test("50 of 1000 against 80 of 1000, relative", () => {
  const result = welchTest(fiftyAgainstEighty("relative"));
  expect(result.estimate).toBeCloseTo(0.6, 12);
  expect(result.lower).toBeCloseTo(0.051983810191, 11);
  expect(result.upper).toBeCloseTo(1.148016189809, 11);
  expect(result.pValue).toBeCloseTo(0.031899457512, 12);
});

const lift: fc.Arbitrary<Lift> = fc.record({
  scale: fc.constant("absolute" as const),
  estimate: fc.double({ min: -5, max: 5, noNaN: true }),
  variance: fc.double({ min: 1e-4, max: 4, noNaN: true }),
  degreesOfFreedom: fc.double({ min: 1, max: 1e5, noNaN: true }),
  n: fc.constant(100),
  smallerArm: fc.constant(50),
});
const alpha = fc.double({ min: 0.001, max: 0.5, noNaN: true });

test("the interval excludes the null lift exactly where p is below alpha", () => {
  const alternative = fc.constantFrom("two-sided" as const, "greater" as const, "less" as const);
  const nullLift = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(lift, alpha, alternative, nullLift, (input, level, side, null0) => {
      const result = welchTest(input, { alpha: level, alternative: side, nullLift: null0 });
      fc.pre(Math.abs(result.pValue - level) > 1e-9);
      expect(result.lower > null0 || result.upper < null0).toBe(result.pValue < level);
    }),
  );
});

test("the one-sided p values add up to 1 and the two-sided one is twice the smaller", () => {
  fc.assert(
    fc.property(lift, (input) => {
      const greater = welchTest(input, { alternative: "greater" }).pValue;
      const less = welchTest(input, { alternative: "less" }).pValue;
      expect(greater + less).toBeCloseTo(1, 12);
      expect(welchTest(input).pValue).toBeCloseTo(Math.min(1, 2 * Math.min(greater, less)), 12);
    }),
  );
});

test("a non-inferiority margin moves the null hypothesis", () => {
  const input = fiftyAgainstEighty("absolute");
  const noMargin = welchTest(input, { alternative: "less" });
  const margin = welchTest(input, { alternative: "less", nullLift: 0.06 });
  expect(margin.pValue).toBeLessThan(0.01);
  expect(noMargin.pValue).toBeGreaterThan(0.99);
  expect(margin.upper).toBeLessThan(0.06);
  expect(margin.lower).toBe(-Infinity);
});

test("a level that is none is refused", () => {
  expect(() => welchTest(fiftyAgainstEighty("absolute"), { alpha: 0 })).toThrow("alpha");
  expect(() => welchTest(fiftyAgainstEighty("absolute"), { nullLift: Number.NaN })).toThrow("nullLift");
});
