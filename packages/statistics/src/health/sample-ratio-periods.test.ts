import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { LN_SAMPLE_RATIO_ALARM, lnSampleRatioBayesFactor, sampleRatioTest } from "./sample-ratio.ts";
import { lnSampleRatioOverPeriods, sampleRatioTestOverPeriods } from "./sample-ratio-periods.ts";

const counts = fc.array(fc.nat(3000), { minLength: 3, maxLength: 3 });
const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 3, maxLength: 3 });

describe("with one period, or shares that never change", () => {
  test("the tests without periods", () => {
    fc.assert(
      fc.property(counts, counts, weights, (a, b, w) => {
        const periods = [
          { counts: a, weights: w },
          { counts: b, weights: w },
        ];
        const both = { counts: a.map((count, i) => count + (b[i] as number)), weights: w };
        expect(lnSampleRatioOverPeriods([both])).toBeCloseTo(lnSampleRatioBayesFactor(both), 6);
        expect(lnSampleRatioOverPeriods(periods)).toBeCloseTo(lnSampleRatioBayesFactor(both), 6);
        expect(sampleRatioTestOverPeriods(periods).chiSquare).toBeCloseTo(sampleRatioTest(both).chiSquare, 6);
        expect(sampleRatioTestOverPeriods(periods)).toMatchObject({ degreesOfFreedom: 2 });
      }),
    );
  });

  test("the reference value of three arms", () => {
    const three = sampleRatioTestOverPeriods([{ counts: [2500, 2600, 4900], weights: [0.25, 0.25, 0.5] }]);
    expect(three.pValue).toBeCloseTo(0.049787068368, 12);
  });
});

describe("with shares that change", () => {
  test("a martingale in the last period", () => {
    fc.assert(
      fc.property(counts, counts, weights, weights, (a, b, before, w) => {
        const at = (last: number[]): number =>
          lnSampleRatioOverPeriods([
            { counts: a, weights: before },
            { counts: last, weights: w },
          ]);
        const now = at(b);
        const total = w.reduce((sum, weight) => sum + weight, 0);
        const expected = w.reduce(
          (sum, weight, i) => sum + (weight / total) * Math.exp(at(b.with(i, (b[i] as number) + 1)) - now),
          0,
        );
        expect(expected).toBeCloseTo(1, 6);
      }),
    );
  });

  test("units that follow a moving split raise no alarm; the same units against one fixed split do", () => {
    const random = new SeededRandom("moving");
    const periods = [0.5, 0.7, 0.9, 0.95].map((share) => {
      const period = [0, 0];
      for (let unit = 0; unit < 2000; unit++) {
        const arm = random.uniform() < share ? 0 : 1;
        period[arm] = (period[arm] as number) + 1;
      }
      return { counts: period, weights: [share, 1 - share] };
    });
    expect(lnSampleRatioOverPeriods(periods)).toBeLessThan(LN_SAMPLE_RATIO_ALARM);
    expect(sampleRatioTestOverPeriods(periods).pValue).toBeGreaterThan(0.001);
    const fixed = periods.map((period) => ({ ...period, weights: [1, 1] }));
    expect(lnSampleRatioOverPeriods(fixed)).toBeGreaterThan(LN_SAMPLE_RATIO_ALARM);
  });

  test("a tenth lost in one arm of every period is found though each period is small", () => {
    const periods = Array.from({ length: 60 }, (_, i) => {
      const share = 0.3 + 0.4 * ((i % 7) / 6);
      return {
        counts: [Math.round(500 * share), Math.round(500 * (1 - share) * 0.9)],
        weights: [share, 1 - share],
      };
    });
    expect(lnSampleRatioOverPeriods(periods)).toBeGreaterThan(LN_SAMPLE_RATIO_ALARM);
  });

  test("a closed arm is no degree of freedom lost, and units in it are proof", () => {
    const open = { counts: [100, 100, 100], weights: [1, 1, 1] };
    const closed = { counts: [50, 0, 50], weights: [1, 0, 1] };
    expect(sampleRatioTestOverPeriods([open, closed])).toMatchObject({ degreesOfFreedom: 2, pValue: 1 });
    const leak = { counts: [50, 1, 50], weights: [1, 0, 1] };
    expect(sampleRatioTestOverPeriods([open, leak]).pValue).toBe(0);
    expect(lnSampleRatioOverPeriods([open, leak])).toBe(Infinity);
  });
});

test("refuses no period and periods of other arms", () => {
  expect(() => lnSampleRatioOverPeriods([])).toThrow("periods");
  expect(() =>
    sampleRatioTestOverPeriods([
      { counts: [1, 1], weights: [1, 1] },
      { counts: [1], weights: [1] },
    ]),
  ).toThrow("periods[1]");
});
