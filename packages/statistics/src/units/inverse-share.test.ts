import fc from "fast-check";
import { expect, test } from "vitest";
import { randomNormal } from "../random/normal.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import type { ArmSummary } from "./arm-summary.ts";
import { meanSummary } from "./arm-summary.ts";
import {
  addInverseShareUnit,
  inverseShareSummary,
  type InverseShareSums,
  mergeInverseShareSums,
  NO_INVERSE_SHARE_UNITS,
} from "./inverse-share.ts";
import { addUnit, NO_UNITS } from "./unit-sums.ts";

type Unit = readonly [value: number, share: number];
const sumsOf = (units: readonly Unit[]): InverseShareSums =>
  units.reduce((sums, [value, share]) => addInverseShareUnit(sums, value, share), NO_INVERSE_SHARE_UNITS);

const value = fc.integer({ min: -1000, max: 1000 });
const unit = fc.tuple(value, fc.constantFrom(0.05, 0.25, 0.5, 1));

test("with one share it is the plain mean and variance", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 2 }), fc.constantFrom(0.05, 0.3, 1), (values, share) => {
      const plain = meanSummary(values.reduce(addUnit, NO_UNITS)) as ArmSummary;
      const weighted = inverseShareSummary(sumsOf(values.map((x) => [x, share]))) as ArmSummary;
      expect(weighted.n).toBe(plain.n);
      expect(weighted.mean).toBeCloseTo(plain.mean, 8);
      expect(weighted.variance / Math.max(1, plain.variance)).toBeCloseTo(
        plain.variance / Math.max(1, plain.variance),
        8,
      );
    }),
  );
});

test("by hand: two units at a half, one at a quarter", () => {
  // Weights 2, 2, 4; mean (2 * 1 + 2 * 3 + 4 * 5) / 8; variance of the mean (4 * 2.5^2 + 4 * .5^2 + 16 * 1.5^2) / 64 * 3 / 2.
  const summary = inverseShareSummary(sumsOf([[1, 0.5], [3, 0.5], [5, 0.25]])); // prettier-ignore
  expect(summary?.mean).toBeCloseTo(3.5, 12);
  expect(summary?.variance).toBeCloseTo(((4 * 2.5 ** 2 + 4 * 0.5 ** 2 + 16 * 1.5 ** 2) / 64) * 1.5 * 3, 12);
});

test("sums merge in any order", () => {
  fc.assert(
    fc.property(fc.array(unit), fc.array(unit), (a, b) => {
      const merged = mergeInverseShareSums(sumsOf(a), sumsOf(b));
      const whole = sumsOf([...b, ...a]);
      for (const key of Object.keys(whole) as (keyof InverseShareSums)[]) {
        expect(merged[key]).toBeCloseTo(whole[key], 4);
      }
    }),
  );
});

// Equal arms; on the second day everybody is happier and the treatment is large.
test("is unmoved by a base rate that rises together with the share, where the plain mean is fooled", () => {
  const random = new SeededRandom("drift");
  const runs = 400;
  let [outside, plainDifference, weightedDifference] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    let [control, treatment] = [NO_INVERSE_SHARE_UNITS, NO_INVERSE_SHARE_UNITS];
    let [plainControl, plainTreatment] = [NO_UNITS, NO_UNITS];
    for (let i = 0; i < 2000; i++) {
      const share = i < 1000 ? 0.2 : 0.8;
      const x = (i < 1000 ? 0 : 1) + randomNormal(random);
      if (random.uniform() < share) {
        treatment = addInverseShareUnit(treatment, x, share);
        plainTreatment = addUnit(plainTreatment, x);
      } else {
        control = addInverseShareUnit(control, x, 1 - share);
        plainControl = addUnit(plainControl, x);
      }
    }
    const [a, b] = [inverseShareSummary(control), inverseShareSummary(treatment)] as [ArmSummary, ArmSummary];
    const difference = b.mean - a.mean;
    const deviation = Math.sqrt(a.variance / a.n + b.variance / b.n);
    if (Math.abs(difference) > 1.959963984540054 * deviation) outside++;
    weightedDifference += difference / runs;
    plainDifference +=
      ((meanSummary(plainTreatment) as ArmSummary).mean - (meanSummary(plainControl) as ArmSummary).mean) /
      runs;
  }
  expect(plainDifference).toBeGreaterThan(0.5);
  expect(Math.abs(weightedDifference)).toBeLessThan(0.02);
  expect(outside / runs).toBeLessThan(0.085);
});

test("nothing from one unit, no variance from equal values, refusals by name", () => {
  expect(inverseShareSummary(sumsOf([[1, 0.5]]))).toBeUndefined();
  expect(inverseShareSummary(sumsOf([[7, 0.5], [7, 0.1], [7, 0.3]]))).toMatchObject({ mean: 7, variance: 0 }); // prettier-ignore
  expect(() => addInverseShareUnit(NO_INVERSE_SHARE_UNITS, 1, 0)).toThrow("share");
  expect(() => addInverseShareUnit(NO_INVERSE_SHARE_UNITS, Number.NaN, 1)).toThrow("value");
  expect(() => inverseShareSummary({ ...NO_INVERSE_SHARE_UNITS, n: 3, weight: Number.NaN })).toThrow(
    "sums.weight",
  );
});
