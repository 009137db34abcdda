import fc from "fast-check";
import { expect, it } from "vitest";
import { holmLevels } from "./holm-levels.ts";

it("stands each comparison at its step, and all that are not rejected at the first of them", () => {
  const result = holmLevels([0.01, 0.04, 0.03, 0.005], 0.05);
  expect(result.map((one) => one.adjusted)).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(result.map((one) => one.level)).toEqual([0.05 / 3, 0.025, 0.025, 0.0125]);
});

it("rejects at its level exactly what Holm rejects", () => {
  const pValue = fc.double({ min: 0, max: 0.2, noNaN: true });
  fc.assert(
    fc.property(fc.array(pValue, { minLength: 1, maxLength: 8 }), (pValues) => {
      holmLevels(pValues, 0.05).forEach(({ adjusted, level }, index) => {
        expect((pValues[index] ?? 1) <= level).toBe(adjusted <= 0.05);
      });
    }),
  );
});

it("has nothing to say of nothing", () => expect(holmLevels([], 0.05)).toEqual([]));
