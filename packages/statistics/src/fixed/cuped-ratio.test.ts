import fc from "fast-check";
import { expect, test } from "vitest";
import { randomNormal } from "../random/normal.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { ratioSummary, type ArmSummary } from "../units/arm-summary.ts";
import { liftOf } from "../units/lift.ts";
import { addPairedUnit, NO_PAIRED_UNITS } from "../units/unit-sums.ts";
import {
  addRatioCovariateUnit,
  cupedRatioLift,
  mergeRatioCovariateSums,
  NO_RATIO_COVARIATE_UNITS,
  type RatioCovariateSums,
} from "./cuped-ratio.ts";
import { type CupedLift, cupedLift } from "./cuped.ts";

type Unit = readonly [value: number, other: number, covariate: number];
const sumsOf = (units: readonly Unit[]): RatioCovariateSums =>
  units.reduce((sums, unit) => addRatioCovariateUnit(sums, ...unit), NO_RATIO_COVARIATE_UNITS);
const units = fc.array(
  fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: -9, max: 9 })),
  { minLength: 3, maxLength: 30 },
);
const scales = fc.constantFrom("absolute" as const, "relative" as const);

test("with denominators of 1 it is CUPED of the mean", () => {
  fc.assert(
    fc.property(units, units, scales, (a, b, scale) => {
      const ones = (list: readonly Unit[]): Unit[] => list.map(([x, , c]) => [x, 1, c]);
      const paired = (list: readonly Unit[]) =>
        list.reduce((sums, [x, , c]) => addPairedUnit(sums, x, c), NO_PAIRED_UNITS);
      const ratio = cupedRatioLift(sumsOf(ones(a)), sumsOf(ones(b)), scale);
      const mean = cupedLift(paired(a), paired(b), scale);
      expect(ratio === undefined).toBe(mean === undefined);
      if (ratio === undefined || mean === undefined) return;
      expect(ratio.theta).toBeCloseTo(mean.theta, 8);
      expect(ratio.estimate).toBeCloseTo(mean.estimate, 8);
      expect(ratio.variance / mean.variance).toBeCloseTo(1, 6);
    }),
  );
});

test("a constant covariate leaves the plain ratio's lift", () => {
  fc.assert(
    fc.property(units, units, scales, (a, b, scale) => {
      const constant = (list: readonly Unit[]): Unit[] => list.map(([x, y]) => [x, y, 3]);
      const [control, treatment] = [sumsOf(constant(a)), sumsOf(constant(b))];
      const plain = liftOf(ratioSummary(control) as ArmSummary, ratioSummary(treatment) as ArmSummary, scale);
      const adjusted = cupedRatioLift(control, treatment, scale);
      fc.pre(plain !== undefined && plain.variance > 1e-9);
      expect(adjusted?.theta).toBe(0);
      expect(adjusted?.estimate).toBeCloseTo(plain.estimate, 8);
      expect((adjusted as CupedLift).variance / plain.variance).toBeCloseTo(1, 6);
    }),
  );
});

/** Unit u has a habit h, 1 to 20 requests, and fails more the higher h is; the covariate is last month's habit. */
function arm(random: SeededRandom, size: number): RatioCovariateSums {
  let sums = NO_RATIO_COVARIATE_UNITS;
  for (let i = 0; i < size; i++) {
    const habit = randomNormal(random);
    const requests = 1 + Math.floor(20 * random.uniform());
    const failed = requests * (5 + habit) + randomNormal(random) * Math.sqrt(requests);
    sums = addRatioCovariateUnit(sums, failed, requests, habit + 0.5 * randomNormal(random));
  }
  return sums;
}

test("shrinks the variance, and to what is seen over many experiments", () => {
  const random = new SeededRandom("ratio");
  const lifts = Array.from({ length: 400 }, () => {
    const [control, treatment] = [arm(random, 150), arm(random, 150)];
    return {
      adjusted: cupedRatioLift(control, treatment, "absolute") as CupedLift,
      plain: liftOf(ratioSummary(control) as ArmSummary, ratioSummary(treatment) as ArmSummary, "absolute"),
    };
  });
  const seen = lifts.reduce((sum, { adjusted }) => sum + adjusted.estimate ** 2, 0) / lifts.length;
  const stated = lifts.reduce((sum, { adjusted }) => sum + adjusted.variance, 0) / lifts.length;
  const plain = lifts.reduce((sum, lift) => sum + (lift.plain?.variance ?? 0), 0) / lifts.length;
  expect(stated / seen).toBeGreaterThan(0.8);
  expect(stated / seen).toBeLessThan(1.25);
  expect(stated / plain).toBeLessThan(0.5);
});

test("sums merge; nothing is inferred from nothing; refusals by name", () => {
  const [a, b]: [Unit[], Unit[]] = [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9]]]; // prettier-ignore
  expect(mergeRatioCovariateSums(sumsOf(a), sumsOf(b))).toEqual(sumsOf([...a, ...b]));
  expect(cupedRatioLift(sumsOf(a), sumsOf(b), "absolute")).toBeUndefined();
  expect(cupedRatioLift(sumsOf(a), { ...sumsOf(a), otherSum: 0 }, "absolute")).toBeUndefined();
  expect(() => addRatioCovariateUnit(NO_RATIO_COVARIATE_UNITS, 1, 1, Number.NaN)).toThrow("covariate");
  expect(() => cupedRatioLift(sumsOf(a), { ...sumsOf(a), covariateSum: Number.NaN }, "absolute")).toThrow(
    "treatment.covariateSum",
  );
});
