import fc from "fast-check";
import { expect, test } from "vitest";
import type { ArmSummary } from "./arm-summary.ts";
import { liftOf } from "./lift.ts";

const arm: fc.Arbitrary<ArmSummary> = fc.record({
  n: fc.integer({ min: 2, max: 100_000 }),
  mean: fc.double({ min: 0.01, max: 100, noNaN: true }),
  variance: fc.double({ min: 1e-6, max: 100, noNaN: true }),
});

test("absolute lift: difference of the means, sum of their variances", () => {
  const lift = liftOf(
    { n: 1000, mean: 0.05, variance: 0.0475 },
    { n: 500, mean: 0.08, variance: 0.0736 },
    "absolute",
  );
  expect(lift?.estimate).toBeCloseTo(0.03, 14);
  expect(lift?.variance).toBeCloseTo(0.0475 / 1000 + 0.0736 / 500, 16);
  expect([lift?.n, lift?.smallerArm]).toEqual([1500, 500]);
});

test("relative lift: v_B / (n_B m_A^2) + v_A m_B^2 / (n_A m_A^4)", () => {
  fc.assert(
    fc.property(arm, arm, (a, b) => {
      const lift = liftOf(a, b, "relative");
      const expected = b.variance / (b.n * a.mean ** 2) + ((a.variance / a.n) * b.mean ** 2) / a.mean ** 4;
      expect((lift?.variance as number) / expected).toBeCloseTo(1, 10);
      expect(lift?.estimate).toBeCloseTo((b.mean - a.mean) / a.mean, 10);
    }),
  );
});

test("swapping the arms turns the sign of the absolute lift and nothing else", () => {
  fc.assert(
    fc.property(arm, arm, (a, b) => {
      const lift = liftOf(a, b, "absolute");
      const swapped = liftOf(b, a, "absolute");
      expect((swapped?.estimate as number) + (lift?.estimate as number)).toBe(0);
      expect(swapped?.variance).toBeCloseTo(lift?.variance as number, 12);
      expect(swapped?.degreesOfFreedom).toBeCloseTo(lift?.degreesOfFreedom as number, 4);
    }),
  );
});

test("the relative lift does not depend on the unit of the metric", () => {
  const scaled = (summary: ArmSummary, c: number): ArmSummary => ({
    n: summary.n,
    mean: summary.mean * c,
    variance: summary.variance * c * c,
  });
  fc.assert(
    fc.property(arm, arm, fc.double({ min: 0.001, max: 1000, noNaN: true }), (a, b, c) => {
      const lift = liftOf(a, b, "relative");
      const other = liftOf(scaled(a, c), scaled(b, c), "relative");
      expect((other?.variance as number) / (lift?.variance as number)).toBeCloseTo(1, 8);
      expect(other?.estimate).toBeCloseTo(lift?.estimate as number, 8);
    }),
  );
});

test("over a negative control mean a larger treatment is still a positive relative lift", () => {
  expect(
    liftOf({ n: 10, mean: -2, variance: 1 }, { n: 10, mean: -1, variance: 1 }, "relative")?.estimate,
  ).toBe(0.5);
});

test("degrees of freedom lie between the smaller arm's and the sum of both, also for tiny variances", () => {
  fc.assert(
    fc.property(arm, arm, fc.constantFrom(1, 1e-200), (a, b, c) => {
      const tiny = (summary: ArmSummary): ArmSummary => ({ ...summary, variance: summary.variance * c });
      const degrees = liftOf(tiny(a), tiny(b), "absolute")?.degreesOfFreedom as number;
      expect(degrees).toBeGreaterThanOrEqual((Math.min(a.n, b.n) - 1) * (1 - 1e-12));
      expect(degrees).toBeLessThanOrEqual((a.n + b.n - 2) * (1 + 1e-12));
    }),
  );
});

test("nothing is inferred without variance or over a control mean of 0", () => {
  const constant = { n: 100, mean: 0, variance: 0 };
  expect(liftOf(constant, constant, "absolute")).toBeUndefined();
  expect(liftOf(constant, { n: 100, mean: 1, variance: 1 }, "relative")).toBeUndefined();
  expect(liftOf(constant, { n: 100, mean: 1, variance: 1 }, "absolute")).toBeDefined();
});

test("summaries that are none are refused by name", () => {
  const good = { n: 10, mean: 1, variance: 1 };
  expect(() => liftOf({ ...good, n: 1 }, good, "absolute")).toThrow("control.n");
  expect(() => liftOf(good, { ...good, mean: Number.NaN }, "absolute")).toThrow("treatment.mean");
  expect(() => liftOf(good, { ...good, variance: -1 }, "absolute")).toThrow("treatment.variance");
});
