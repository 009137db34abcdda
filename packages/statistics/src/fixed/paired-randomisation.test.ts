import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { pairedRandomisation } from "./paired-randomisation.ts";

/** Every sign once. */
function exact(values: readonly number[]): number {
  const observed = values.reduce((sum, value) => sum + value, 0);
  let atLeast = 0;
  for (let signs = 0; signs < 2 ** values.length; signs++) {
    const sum = values.reduce((total, value, i) => total + ((signs >> i) & 1 ? -value : value), 0);
    if (sum >= observed - 1e-9) atLeast++;
  }
  return atLeast / 2 ** values.length;
}

describe("pairedRandomisation", () => {
  test("agrees with the enumeration of all signs", () => {
    const samples = [
      [0.5, 0.25, 0.1, -0.05, 0.3, 0.2],
      [1, 1, 1, 1, 1],
      [0.2, -0.3, 0.1, -0.1, 0.4, 0.05, 0.6, -0.2],
    ];
    for (const values of samples) {
      const { pValue } = pairedRandomisation(values, { seed: 1, resamples: 40_000 });
      expect(Math.abs(pValue - exact(values))).toBeLessThan(0.01);
    }
  });

  test("says 1 where nothing differs, and does not mind pairs without a difference", () => {
    expect(pairedRandomisation([0, 0, 0], { seed: 1, resamples: 100 })).toEqual({ mean: 0, pValue: 1 });
    const [some, padded] = [
      [0.3, 0.2, -0.1],
      [0.3, 0, 0.2, 0, -0.1],
    ].map((values) => pairedRandomisation(values, { seed: 7 }).pValue);
    expect(padded).toBe(some);
  });

  test("is below .05 in at most about 5 % of samples without an effect", () => {
    const random = new SeededRandom(3);
    let low = 0;
    for (let run = 0; run < 400; run++) {
      const values = Array.from({ length: 30 }, () => random.uniform() - 0.5);
      if (pairedRandomisation(values, { seed: run, resamples: 400 }).pValue < 0.05) low++;
    }
    // 5 % of 400 is 20; 36 or more has a probability below .0005.
    expect(low).toBeLessThan(36);
  });

  test("is between 1 / (1 + resamples) and 1, and the same for the same seed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (values) => {
          const one = pairedRandomisation(values, { seed: "s", resamples: 99 });
          expect(one.pValue).toBeGreaterThanOrEqual(0.01);
          expect(one.pValue).toBeLessThanOrEqual(1);
          expect(pairedRandomisation(values, { seed: "s", resamples: 99 })).toEqual(one);
        },
      ),
    );
  });

  test("refuses nothing and what is no number", () => {
    expect(() => pairedRandomisation([], { seed: 1 })).toThrow(/differences/);
    expect(() => pairedRandomisation([Number.NaN], { seed: 1 })).toThrow(/differences\[0\]/);
  });
});
