import { expect, test } from "vitest";
import { holmAdjusted } from "../fixed/holm.ts";
import { randomNormal } from "../random/normal.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { binomialTest } from "../special-functions/binomial.ts";
import type { Lift } from "../units/lift.ts";
import { confidenceSequence } from "./confidence-sequence.ts";

/** Three goals without a difference, looked at every 100 units from 1,000 per arm on; whether one is ever declared. */
function isFooled(random: SeededRandom, adjust: (p: readonly number[]) => readonly number[]): boolean {
  const differences = [0, 0, 0];
  for (let units = 100; units <= 8000; units += 100) {
    const pValues = differences.map((sum, goal) => {
      differences[goal] = sum + randomNormal(random) * Math.sqrt(200);
      const lift: Lift = {
        scale: "absolute",
        estimate: (differences[goal] as number) / units,
        variance: 2 / units,
        degreesOfFreedom: 2 * units - 2,
        n: 2 * units,
        smallerArm: units,
      };
      return confidenceSequence(lift).pValue;
    });
    if (units >= 1000 && adjust(pValues).some((p) => p <= 0.05)) return true;
  }
  return false;
}

// Sequential p values are valid at any stopping time, and Holm's step needs no more than valid p values.
test("Holm over sequential p values: of experiments with three goals, watched all the time, at most alpha is fooled", () => {
  const runs = 400;
  const fooled = (adjust: (p: readonly number[]) => readonly number[]): number => {
    const random = new SeededRandom("goals");
    return Array.from({ length: runs }, () => isFooled(random, adjust)).filter(Boolean).length;
  };
  const successes = fooled(holmAdjusted);
  expect(
    binomialTest({ successes, trials: runs, probability: 0.05, alternative: "greater" }),
  ).toBeGreaterThan(0.01);
  expect(fooled((p) => p)).toBeGreaterThan(successes);
});
