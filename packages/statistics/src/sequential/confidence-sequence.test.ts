import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomNormal } from "../random/normal.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { binomialTest } from "../special-functions/binomial.ts";
import { proportionSummary, type ArmSummary } from "../units/arm-summary.ts";
import { liftOf, type Lift } from "../units/lift.ts";
import {
  confidenceSequence,
  confidenceSequenceHalfWidth,
  confidenceSequenceRho,
  sequentialPValue,
} from "./confidence-sequence.ts";

describe("reference values", () => {
  test("rho", () => {
    expect(confidenceSequenceRho(0.05, 5000, 2)).toBeCloseTo(0.03984006677, 11);
    expect(confidenceSequenceRho(0.05, 5000, 1)).toBeCloseTo(0.03557768853, 11);
  });

  test("half width", () => {
    const common = { tuningUnits: 5000, alpha: 0.05, sides: 2 } as const;
    expect(confidenceSequenceHalfWidth({ ...common, variance: 1, n: 100 })).toBeCloseTo(0.66943886, 8);
    expect(confidenceSequenceHalfWidth({ ...common, variance: 0.25, n: 5000 })).toBeCloseTo(
      0.02146216859,
      11,
    );
  });

  test("50 of 1000 against 80 of 1000", () => {
    const control = proportionSummary(1000, 50) as ArmSummary;
    const lift = liftOf(control, proportionSummary(1000, 80) as ArmSummary, "absolute") as Lift;
    const result = confidenceSequence(lift);
    expect(result.lower).toBeCloseTo(-0.004375766072, 12);
    expect(result.upper).toBeCloseTo(0.064375766072, 12);
    expect(result.pValue).toBeCloseTo(0.121082284558, 12);
    expect(result.verdictAllowed).toBe(true);
  });
});

const lifts: fc.Arbitrary<Lift> = fc.record({
  scale: fc.constant("relative" as const),
  estimate: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
  variance: fc.double({ min: 1e-6, max: 0.1, noNaN: true }),
  degreesOfFreedom: fc.constant(1000),
  n: fc.integer({ min: 4, max: 1_000_000 }),
  smallerArm: fc.constant(1000),
});

test("two-sided at alpha = 0.05 the interval excludes 0 exactly where p is below alpha", () => {
  fc.assert(
    fc.property(lifts, (lift) => {
      const result = confidenceSequence(lift);
      fc.pre(Math.abs(result.pValue - 0.05) > 1e-9);
      expect(result.lower > 0 || result.upper < 0).toBe(result.pValue < 0.05);
    }),
  );
});

test("one-sided at alpha = 0.05 the bound excludes 0 exactly where p is below alpha", () => {
  fc.assert(
    fc.property(lifts, fc.constantFrom("greater" as const, "less" as const), (lift, alternative) => {
      const result = confidenceSequence(lift, { alternative });
      fc.pre(Math.abs(result.pValue - 0.05) > 1e-9);
      const bound = alternative === "greater" ? result.lower : -result.upper;
      expect(bound > 0).toBe(result.pValue < 0.05);
    }),
  );
});

test("mirroring the lift mirrors the result", () => {
  fc.assert(
    fc.property(lifts, (lift) => {
      const mirrored = confidenceSequence({ ...lift, estimate: -lift.estimate });
      const result = confidenceSequence(lift);
      expect(mirrored.pValue).toBe(result.pValue);
      expect(mirrored.upper).toBe(-result.lower);
      expect(sequentialPValue({ ...lift, estimate: -lift.estimate }, "less", 5000)).toBe(
        sequentialPValue(lift, "greater", 5000),
      );
    }),
  );
});

test("the interval narrows with more units and widens with a smaller alpha", () => {
  const n = fc.integer({ min: 2, max: 1_000_000 });
  const alpha = fc.double({ min: 1e-6, max: 0.4, noNaN: true });
  fc.assert(
    fc.property(n, alpha, fc.constantFrom(1 as const, 2 as const), (units, level, sides) => {
      const input = { variance: 1, n: units, tuningUnits: 5000, alpha: level, sides };
      const halfWidth = confidenceSequenceHalfWidth(input);
      expect(confidenceSequenceHalfWidth({ ...input, n: units + 1 })).toBeLessThan(halfWidth);
    }),
  );
  const widths = [0.2, 0.1, 0.05, 0.01, 1e-4].map((level) => {
    return confidenceSequenceHalfWidth({ variance: 1, n: 1000, tuningUnits: 5000, alpha: level, sides: 2 });
  });
  expect(widths).toEqual(widths.toSorted((a, b) => a - b));
});

test("p stays finite where the evidence overflows", () => {
  const lift: Lift = {
    scale: "absolute",
    estimate: 5,
    variance: 1e-9,
    degreesOfFreedom: 9,
    n: 9999,
    smallerArm: 4000,
  };
  for (const alternative of ["two-sided", "greater", "less"] as const) {
    expect(sequentialPValue(lift, alternative, 5000)).toBe(alternative === "less" ? 1 : 0);
  }
});

test("below a thousand units in the smaller arm there is no verdict", () => {
  const lift: Lift = {
    scale: "absolute",
    estimate: 9,
    variance: 1,
    degreesOfFreedom: 9,
    n: 20_000,
    smallerArm: 999,
  };
  expect(confidenceSequence(lift).verdictAllowed).toBe(false);
  expect(confidenceSequence({ ...lift, smallerArm: 1000 }).verdictAllowed).toBe(true);
  expect(confidenceSequence(lift, { minimumPerArm: 500 }).verdictAllowed).toBe(true);
});

test("400 A/A tests of 20,000 units, looked at after every tenth: false alarms are not more than alpha", () => {
  const random = new SeededRandom("a/a");
  const runs = 400;
  let alarms = 0;
  for (let run = 0; run < runs; run++) if (hasFalseAlarm(random)) alarms++;
  expect(
    binomialTest({ successes: alarms, trials: runs, probability: 0.05, alternative: "greater" }),
  ).toBeGreaterThan(0.001);
});

/** Arm means of ten units are drawn at once; the variance is known, which is what the asymptotics come to. */
function hasFalseAlarm(random: SeededRandom): boolean {
  let [control, treatment] = [0, 0];
  for (let units = 10; units <= 10_000; units += 10) {
    control += randomNormal(random) * Math.sqrt(10);
    treatment += randomNormal(random) * Math.sqrt(10);
    if (units < 1000) continue;
    const lift: Lift = {
      scale: "absolute",
      estimate: (treatment - control) / units,
      variance: 2 / units,
      degreesOfFreedom: 2 * units - 2,
      n: 2 * units,
      smallerArm: units,
    };
    if (confidenceSequence(lift).pValue < 0.05) return true;
  }
  return false;
}
