import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomNormal } from "../random/normal.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { meanSummary, type ArmSummary } from "../units/arm-summary.ts";
import { liftOf } from "../units/lift.ts";
import { addPairedUnit, NO_PAIRED_UNITS, type PairedUnitSums } from "../units/unit-sums.ts";
import { cupedLift } from "./cuped.ts";

const control = {
  n: 100,
  sum: 1000,
  sumSquares: 10_400,
  otherSum: 900,
  otherSumSquares: 8500,
  crossSum: 9350,
};
const treatment = {
  n: 100,
  sum: 1060,
  sumSquares: 11_650,
  otherSum: 905,
  otherSumSquares: 8600,
  crossSum: 9950,
};

test("reference values", () => {
  const lift = cupedLift(control, treatment, "absolute");
  expect(lift?.theta).toBeCloseTo(0.8748263621, 10);
  expect(lift?.estimate).toBeCloseTo(0.5562586819, 10);
  expect(Math.sqrt(lift?.variance as number)).toBeCloseTo(0.1409614663, 10);
});

test("the relative lift is over the unadjusted control mean", () => {
  expect(cupedLift(control, treatment, "relative")?.estimate).toBeCloseTo(0.5562586819 / 10, 10);
});

describe("a covariate that says nothing leaves the plain lift", () => {
  const constant = (sums: PairedUnitSums): PairedUnitSums => ({
    ...sums,
    otherSum: 3 * sums.n,
    otherSumSquares: 9 * sums.n,
    crossSum: 3 * sums.sum,
  });
  test.each(["absolute", "relative"] as const)("%s", (scale) => {
    const lift = cupedLift(constant(control), constant(treatment), scale);
    const plain = liftOf(meanSummary(control) as ArmSummary, meanSummary(treatment) as ArmSummary, scale);
    expect(lift?.theta).toBe(0);
    expect(lift?.estimate).toBeCloseTo(plain?.estimate as number, 12);
    expect(lift?.variance).toBeCloseTo(plain?.variance as number, 12);
    expect(lift?.degreesOfFreedom).toBeCloseTo(plain?.degreesOfFreedom as number, 8);
  });
});

test("shifting or scaling the covariate changes nothing but theta", () => {
  const value = fc.integer({ min: -20, max: 20 });
  const units = fc.array(fc.tuple(value, value), { minLength: 3, maxLength: 20 });
  const fold = (list: [number, number][], map: (x: number) => number): PairedUnitSums =>
    list.reduce((sums, [x, y]) => addPairedUnit(sums, x, map(y)), NO_PAIRED_UNITS);
  fc.assert(
    fc.property(units, units, (a, b) => {
      const plain = cupedLift(fold(a, (y) => y), fold(b, (y) => y), "absolute"); // prettier-ignore
      const moved = cupedLift(fold(a, (y) => 4 * y - 7), fold(b, (y) => 4 * y - 7), "absolute"); // prettier-ignore
      fc.pre(plain !== undefined && plain.variance > 1e-6);
      expect(moved?.estimate).toBeCloseTo(plain.estimate, 8);
      expect(moved?.variance).toBeCloseTo(plain.variance, 8);
      expect(4 * (moved?.theta as number)).toBeCloseTo(plain.theta, 8);
    }),
  );
});

/** Values around 10 that share 0.9 of their deviation with the covariate. */
function simulatedArm(random: SeededRandom, units: number, shift: number): PairedUnitSums {
  let sums = NO_PAIRED_UNITS;
  for (let i = 0; i < units; i++) {
    const before = randomNormal(random);
    sums = addPairedUnit(sums, 10 + shift + 0.9 * before + Math.sqrt(0.19) * randomNormal(random), before);
  }
  return sums;
}

test("the stated variance is the one that is seen, absolute and relative, and a fifth of the plain one", () => {
  const random = new SeededRandom("cuped");
  for (const scale of ["absolute", "relative"] as const) {
    const lifts = Array.from({ length: 3000 }, () => {
      const lift = cupedLift(simulatedArm(random, 100, 0), simulatedArm(random, 100, 1), scale);
      return [lift?.estimate as number, lift?.variance as number] as const;
    });
    const mean = lifts.reduce((sum, [estimate]) => sum + estimate, 0) / lifts.length;
    const seen = lifts.reduce((sum, [estimate]) => sum + (estimate - mean) ** 2, 0) / lifts.length;
    const stated = lifts.reduce((sum, [, variance]) => sum + variance, 0) / lifts.length;
    expect(mean).toBeCloseTo(scale === "absolute" ? 1 : 0.1, 1);
    expect(stated / seen).toBeGreaterThan(0.9);
    expect(stated / seen).toBeLessThan(1.1);
    expect(stated).toBeLessThan(scale === "absolute" ? 0.005 : 0.00007);
  }
});

test("nothing is inferred from too few units, constants or a control mean of 0", () => {
  expect(cupedLift(NO_PAIRED_UNITS, treatment, "absolute")).toBeUndefined();
  const constant = { n: 10, sum: 0, sumSquares: 0, otherSum: 0, otherSumSquares: 0, crossSum: 0 };
  expect(cupedLift(constant, constant, "absolute")).toBeUndefined();
  expect(cupedLift({ ...constant, sumSquares: 9 }, treatment, "relative")).toBeUndefined();
  expect(() => cupedLift({ ...control, crossSum: Number.NaN }, treatment, "absolute")).toThrow(
    "control.crossSum",
  );
});
