import fc from "fast-check";
import { expect, test } from "vitest";
import { randomNormal } from "../random/normal.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { confidenceSequence } from "../sequential/confidence-sequence.ts";
import {
  minimumDetectableDifference,
  powerOfOneLook,
  sampleSizeOfBothArms,
  sampleSizePerArm,
  sequentialSampleSizeOfBothArms,
  sequentialSampleSizePerArm,
} from "./sample-size.ts";

const fiveToSix = { controlVariance: 0.05 * 0.95, treatmentVariance: 0.06 * 0.94, difference: 0.01 };

test("reference value: 0.05 to 0.06 at 80 %", () => {
  expect(sampleSizePerArm(fiveToSix)).toBeCloseTo(8154.99, 2);
});

const inputs = fc.record({
  controlVariance: fc.double({ min: 0.001, max: 10, noNaN: true }),
  treatmentVariance: fc.double({ min: 0.001, max: 10, noNaN: true }),
  difference: fc.double({ min: 0.001, max: 2, noNaN: true }),
  alpha: fc.double({ min: 0.001, max: 0.3, noNaN: true }),
  power: fc.double({ min: 0.5, max: 0.99, noNaN: true }),
});

test("sample size, detectable difference and power are inverses of each other", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const units = sampleSizePerArm(input);
      expect(minimumDetectableDifference(input, units)).toBeCloseTo(input.difference, 9);
      expect(powerOfOneLook(input, units)).toBeCloseTo(input.power, 9);
      expect(sampleSizePerArm({ ...input, difference: -input.difference })).toBe(units);
    }),
  );
});

test("looking all the time costs units, more power costs units", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const units = sequentialSampleSizePerArm(input);
      expect(units).toBeGreaterThan(sampleSizePerArm(input));
      expect(sequentialSampleSizePerArm({ ...input, power: 0.995 })).toBeGreaterThan(units);
    }),
  );
});

test("the sequential sample size has at least the power that it promises", () => {
  const input = { controlVariance: 1, treatmentVariance: 1, difference: 0.1 };
  const planned = Math.ceil(sequentialSampleSizePerArm(input));
  const random = new SeededRandom("power");
  const runs = 300;
  let found = 0;
  for (let run = 0; run < runs; run++) {
    let sum = 0;
    for (let units = 1; units <= planned; units++) {
      sum += input.difference + Math.SQRT2 * randomNormal(random);
      if (units % 20 > 0 && units < planned) continue;
      const lift = {
        scale: "absolute",
        degreesOfFreedom: 2 * units,
        n: 2 * units,
        smallerArm: units,
      } as const;
      if (confidenceSequence({ ...lift, estimate: sum / units, variance: 2 / units }).lower <= 0) continue;
      found++;
      break;
    }
  }
  expect(found / runs).toBeGreaterThan(0.77);
});

test("unequal arms: the formula by hand, and cheapest in proportion to the deviations", () => {
  const input = { controlVariance: 4, treatmentVariance: 1, difference: 0.2 };
  // (1.959963984540 + .841621233573)^2 (4 / .8 + 1 / .2) / .04
  expect(sampleSizeOfBothArms(input, 0.8)).toBeCloseTo(
    (1.959963984540054 + 0.8416212335729143) ** 2 * 250,
    6,
  );
  expect(sampleSizeOfBothArms(input)).toBeCloseTo(2 * sampleSizePerArm(input), 9);
  for (const share of [0.1, 0.5, 0.6, 0.75, 0.95]) {
    expect(sampleSizeOfBothArms(input, share)).toBeGreaterThan(sampleSizeOfBothArms(input, 2 / 3));
    expect(sequentialSampleSizeOfBothArms(input, { controlShare: share })).toBeGreaterThan(
      sequentialSampleSizeOfBothArms(input, { controlShare: 2 / 3 }),
    );
  }
  expect(() => sampleSizeOfBothArms(input, 1)).toThrow("controlShare");
});

test("plans that have no meaning are refused by name", () => {
  expect(() => sampleSizePerArm({ ...fiveToSix, difference: 0 })).toThrow("difference");
  expect(() => sampleSizePerArm({ ...fiveToSix, power: 1 })).toThrow("power");
  expect(() => sampleSizePerArm({ ...fiveToSix, controlVariance: -1 })).toThrow("controlVariance");
  expect(() => sampleSizePerArm({ ...fiveToSix, controlVariance: 0, treatmentVariance: 0 })).toThrow(
    "controlVariance",
  );
  expect(() => powerOfOneLook(fiveToSix, 0)).toThrow("unitsPerArm");
});
