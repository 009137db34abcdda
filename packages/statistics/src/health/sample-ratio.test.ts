import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { LN_SAMPLE_RATIO_ALARM, lnSampleRatioBayesFactor, sampleRatioTest } from "./sample-ratio.ts";

describe("chi-square", () => {
  test("reference values", () => {
    expect(sampleRatioTest({ counts: [10_000, 10_500], weights: [1, 1] }).pValue).toBeCloseTo(
      4.79146435e-4,
      12,
    );
    const three = sampleRatioTest({ counts: [2500, 2600, 4900], weights: [0.25, 0.25, 0.5] });
    expect(three.pValue).toBeCloseTo(0.049787068368, 12);
    expect(three.degreesOfFreedom).toBe(2);
  });

  test("arms of weight 0 do not count as degrees of freedom, and nobody may be in them", () => {
    const with0 = sampleRatioTest({ counts: [520, 0, 480], weights: [50, 0, 50] });
    expect(with0).toEqual(sampleRatioTest({ counts: [520, 480], weights: [1, 1] }));
    expect(sampleRatioTest({ counts: [520, 1, 480], weights: [50, 0, 50] }).pValue).toBe(0);
    expect(sampleRatioTest({ counts: [5], weights: [1] }).pValue).toBe(1);
  });

  test("no units deviate from nothing", () => {
    expect(sampleRatioTest({ counts: [0, 0], weights: [1, 1] })).toMatchObject({ chiSquare: 0, pValue: 1 });
  });

  test("a tail that underflows is 0, not a clamp", () => {
    expect(sampleRatioTest({ counts: [1e6, 2e6], weights: [1, 1] }).pValue).toBe(0);
  });
});

const arms = fc.array(fc.tuple(fc.nat(5000), fc.integer({ min: 1, max: 100 })), {
  minLength: 2,
  maxLength: 5,
});

test("the unit of the weights and the order of the arms do not matter", () => {
  fc.assert(
    fc.property(arms, fc.double({ min: 0.01, max: 100, noNaN: true }), (list, scale) => {
      const counts = list.map(([count]) => count);
      const weights = list.map(([, weight]) => weight);
      const other = {
        counts: counts.toReversed(),
        weights: weights.toReversed().map((weight) => weight * scale),
      };
      expect(sampleRatioTest(other).pValue).toBeCloseTo(sampleRatioTest({ counts, weights }).pValue, 8);
      expect(lnSampleRatioBayesFactor(other)).toBeCloseTo(lnSampleRatioBayesFactor({ counts, weights }), 6);
    }),
  );
});

describe("sequential Dirichlet test", () => {
  test("by hand: one unit of two equal arms says nothing, the next of the same arm says c / (c + 1) + ...", () => {
    expect(lnSampleRatioBayesFactor({ counts: [1, 0], weights: [1, 1] })).toBeCloseTo(0, 9);
    expect(lnSampleRatioBayesFactor({ counts: [2, 0], weights: [1, 1] })).toBeCloseTo(
      Math.log((2 * 501) / 1001),
      9,
    );
  });

  test("a martingale under the intended shares", () => {
    fc.assert(
      fc.property(arms, (list) => {
        const counts = list.map(([count]) => count);
        const weights = list.map(([, weight]) => weight);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const now = lnSampleRatioBayesFactor({ counts, weights });
        const expected = weights.reduce((sum, weight, i) => {
          const after = lnSampleRatioBayesFactor({
            counts: counts.with(i, (counts[i] as number) + 1),
            weights,
          });
          return sum + (weight / total) * Math.exp(after - now);
        }, 0);
        expect(expected).toBeCloseTo(1, 6);
      }),
    );
  });

  test("60 healthy experiments looked at every 20 units never alarm; a lost tenth of an arm does", () => {
    const random = new SeededRandom("shares");
    const alarmAt = (dropped: number): number => {
      const counts = [0, 0];
      for (let unit = 1; unit <= 40_000; unit++) {
        const arm = random.uniform() < 0.5 ? 0 : 1;
        if (arm === 1 && random.uniform() < dropped) continue;
        counts[arm] = (counts[arm] as number) + 1;
        if (unit % 20 === 0 && lnSampleRatioBayesFactor({ counts, weights: [1, 1] }) > LN_SAMPLE_RATIO_ALARM)
          return unit;
      }
      return Infinity;
    };
    expect(alarmAt(0.1)).toBeLessThan(40_000);
    const alarms = Array.from({ length: 60 }, () => alarmAt(0)).filter((unit) => unit < Infinity);
    expect(alarms).toEqual([]);
  });

  test("a unit in an arm of weight 0 is proof", () => {
    expect(lnSampleRatioBayesFactor({ counts: [9, 1], weights: [1, 0] })).toBe(Infinity);
    expect(lnSampleRatioBayesFactor({ counts: [9, 0], weights: [1, 0] })).toBeCloseTo(0, 9);
  });
});

test("counts and weights that have no meaning are refused by name", () => {
  expect(() => sampleRatioTest({ counts: [1], weights: [1, 1] })).toThrow("counts");
  expect(() => sampleRatioTest({ counts: [1, 1.5], weights: [1, 1] })).toThrow("counts[1]");
  expect(() => sampleRatioTest({ counts: [1, 1], weights: [1, Number.NaN] })).toThrow("weights[1]");
  expect(() => sampleRatioTest({ counts: [1, 1], weights: [0, 0] })).toThrow("weights");
});
