import fc from "fast-check";
import { expect, test } from "vitest";
import { randomNormal } from "../random/normal.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import type { Lift } from "../units/lift.ts";
import { posteriorOf } from "./posterior.ts";

const lifts: fc.Arbitrary<Lift> = fc.record({
  scale: fc.constant("relative" as const),
  estimate: fc.double({ min: -2, max: 2, noNaN: true }),
  variance: fc.double({ min: 1e-6, max: 4, noNaN: true }),
  degreesOfFreedom: fc.constant(100),
  n: fc.constant(200),
  smallerArm: fc.constant(100),
});
const lift: Lift = {
  scale: "relative",
  estimate: 0.2,
  variance: 0.01,
  degreesOfFreedom: 9,
  n: 100,
  smallerArm: 50,
};

test("the posterior is the prior and the estimate weighted by their precisions", () => {
  const posterior = posteriorOf(lift);
  const [prior, data] = [1 / 0.09, 1 / 0.01];
  expect(posterior.mean).toBeCloseTo((0.2 * data) / (prior + data), 12);
  expect(posterior.deviation).toBeCloseTo(1 / Math.sqrt(prior + data), 12);
  expect(posterior.upper - posterior.mean).toBeCloseTo(1.959963984540054 * posterior.deviation, 12);
});

test("chance and risks are those of draws of the posterior", () => {
  const posterior = posteriorOf(lift);
  const random = new SeededRandom("posterior");
  const draws = Array.from(
    { length: 50_000 },
    () => posterior.mean + posterior.deviation * randomNormal(random),
  );
  const average = (f: (x: number) => number): number =>
    draws.reduce((sum, x) => sum + f(x), 0) / draws.length;
  expect(average((x) => (x > 0 ? 1 : 0))).toBeCloseTo(posterior.chanceToWin, 2);
  expect(average((x) => Math.max(0, -x))).toBeCloseTo(posterior.riskOfTreatment, 3);
  expect(average((x) => Math.max(0, x))).toBeCloseTo(posterior.riskOfControl, 2);
});

test("risks differ by the mean; where smaller is better they change places", () => {
  fc.assert(
    fc.property(lifts, (input) => {
      const posterior = posteriorOf(input);
      const lower = posteriorOf(input, { isLowerBetter: true });
      expect(posterior.riskOfControl - posterior.riskOfTreatment).toBeCloseTo(posterior.mean, 10);
      expect(lower.riskOfControl).toBeCloseTo(posterior.riskOfTreatment, 12);
      expect(lower.chanceToWin + posterior.chanceToWin).toBeCloseTo(1, 12);
      expect(Math.min(posterior.riskOfControl, posterior.riskOfTreatment)).toBeGreaterThanOrEqual(0);
    }),
  );
});

test("a prior that says nothing leaves the estimate", () => {
  expect(posteriorOf(lift, { priorDeviation: 1e6 }).mean).toBeCloseTo(0.2, 9);
});

test("an absolute lift has another scale than the prior and is refused", () => {
  expect(() => posteriorOf({ ...lift, scale: "absolute" })).toThrow("lift.scale");
  expect(() => posteriorOf(lift, { priorDeviation: 0 })).toThrow("priorDeviation");
});
