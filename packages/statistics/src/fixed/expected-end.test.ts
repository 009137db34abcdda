import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { confidenceSequence } from "../sequential/confidence-sequence.ts";
import type { Lift } from "../units/lift.ts";
import { expectedHoursLeft, forecastUnits } from "./expected-end.ts";

const liftAt = (n: number, estimate: number, unitVariance = 1): Lift => ({
  scale: "absolute",
  estimate,
  variance: unitVariance / n,
  degreesOfFreedom: n - 2,
  n,
  smallerArm: n / 2,
});

describe("forecast of the units", () => {
  test("is where the sequence of the same estimate first excludes 0", () => {
    const estimate = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(estimate, fc.boolean(), fc.constantFrom(0.05, 0.01), (size, negative, alpha) => {
        const value = negative ? -size : size;
        const units = forecastUnits(liftAt(2000, value), { alpha }) as number;
        const widthAt = (n: number): number => {
          const { lower, upper } = confidenceSequence(liftAt(n, value), { alpha });
          return (upper - lower) / 2;
        };
        expect(widthAt(units * 1.001)).toBeLessThan(size);
        expect(widthAt(units * 0.999)).toBeGreaterThan(size);
      }),
    );
  });

  test("grows as the effect shrinks or the values spread; nothing tells 0 from 0", () => {
    const forecasts = [0.4, 0.2, 0.1, 0.05].map((size) => forecastUnits(liftAt(2000, size)) as number);
    expect(forecasts).toEqual(forecasts.toSorted((a, b) => a - b));
    expect(forecastUnits(liftAt(2000, 0.1, 4))).toBeGreaterThan(forecasts[2] as number);
    expect(forecastUnits(liftAt(2000, 0))).toBeUndefined();
  });
});

describe("expected hours left", () => {
  const half = { units: [500, 250], neededUnits: [1000, 1000], hours: 10, minimumHours: 0 };

  test("is what the slowest arm takes at the pace so far", () => {
    expect(expectedHoursLeft(half)).toBe(30);
  });

  test.each([
    ["the minimum duration is longer", { ...half, minimumHours: 168 }, 158],
    ["all is there", { ...half, neededUnits: [500, 250] }, 0],
    ["all is there but the time", { ...half, neededUnits: [1, 1], minimumHours: 12 }, 2],
    ["an arm that needs nothing has nothing", { ...half, units: [500, 0], neededUnits: [1000, 0] }, 10],
    ["an arm that needs units has none", { ...half, units: [500, 0] }, undefined],
    ["no time has passed", { ...half, hours: 0 }, undefined],
  ])("%s", (_name, input, hours) => {
    expect(expectedHoursLeft(input)).toBe(hours);
  });

  test("refusals by name", () => {
    expect(() => expectedHoursLeft({ ...half, neededUnits: [1] })).toThrow("neededUnits");
    expect(() => expectedHoursLeft({ ...half, neededUnits: [1, Number.NaN] })).toThrow("neededUnits[1]");
    expect(() => expectedHoursLeft({ ...half, units: [-1, 2] })).toThrow("units[0]");
    expect(() => expectedHoursLeft({ ...half, hours: -1 })).toThrow("hours");
  });
});
