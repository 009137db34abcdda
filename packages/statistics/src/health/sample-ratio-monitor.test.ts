import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { lnSampleRatioBayesFactor } from "./sample-ratio.ts";
import { observeExposure, startSampleRatio, type SampleRatioState } from "./sample-ratio-monitor.ts";

test("with constant weights it is the sequential Dirichlet test", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(weights, fc.array(fc.nat(3), { maxLength: 200 }), (list, arms) => {
      const state = startSampleRatio(list.length);
      for (const arm of arms) observeExposure(state, arm % list.length, list);
      const expected = lnSampleRatioBayesFactor({ counts: state.counts, weights: list });
      expect(state.lnBayesFactor).toBeCloseTo(expected, 8);
    }),
  );
});

test("a martingale under shares that change from unit to unit", () => {
  const weights = fc
    .array(fc.integer({ min: 0, max: 20 }), { minLength: 3, maxLength: 3 })
    .filter((w) => Math.max(...w) > 0);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2), weights), { maxLength: 60 }), weights, (history, next) => {
      const state = startSampleRatio(3);
      for (const [arm, list] of history) if ((list[arm] as number) > 0) observeExposure(state, arm, list);
      const total = next.reduce((sum, weight) => sum + weight, 0);
      const expected = next.reduce((sum, weight, arm) => {
        if (weight === 0) return sum;
        const copy = structuredClone(state);
        observeExposure(copy, arm, next);
        return sum + (weight / total) * Math.exp(copy.lnBayesFactor - state.lnBayesFactor);
      }, 0);
      expect(expected).toBeCloseTo(1, 9);
    }),
  );
});

describe("under a bandit that moves the shares", () => {
  const shareAt = (unit: number): number[] => (unit % 4000 < 2000 ? [20, 80] : [70, 30]);
  const run = (lost: number, seed: string): SampleRatioState => {
    const random = new SeededRandom(seed);
    const state = startSampleRatio(2);
    for (let unit = 0; unit < 20_000; unit++) {
      const weights = shareAt(unit);
      const arm = random.uniform() * 100 < (weights[0] as number) ? 0 : 1;
      if (arm === 0 && random.uniform() < lost) continue;
      observeExposure(state, arm, weights);
    }
    return state;
  };

  test("healthy runs do not alarm, although no constant share fits them", () => {
    for (let i = 0; i < 30; i++) expect(run(0, `healthy ${i}`).alarmedAt).toBeNull();
  });

  test("a lost fifth of an arm does, and the alarm stays", () => {
    const state = run(0.2, "lost");
    expect(state.alarmedAt).toBeLessThan(20_000);
    expect(observeExposure(state, 0, [1, 1])).toBe(true);
  });
});

test("a unit in an arm of weight 0 is an alarm at once, and the state survives JSON", () => {
  const state = startSampleRatio(2);
  expect(observeExposure(state, 0, [1, 0])).toBe(false);
  expect(observeExposure(state, 1, [1, 0])).toBe(true);
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});

test("arms and weights that have no meaning are refused by name", () => {
  expect(() => observeExposure(startSampleRatio(2), 2, [1, 1])).toThrow("arm");
  expect(() => observeExposure(startSampleRatio(2), 0, [1])).toThrow("weights");
  expect(() => observeExposure(startSampleRatio(2), 0, [1, Number.NaN])).toThrow("weights[1]");
  expect(() => startSampleRatio(0)).toThrow("arms");
});
