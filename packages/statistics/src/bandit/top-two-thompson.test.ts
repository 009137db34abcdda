import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAllocation } from "../assignment/index.ts";
import { randomNormal } from "../random/normal.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { lnNormalCdf } from "../special-functions/normal.ts";
import { relativeError } from "../special-functions/golden.testing.ts";
import {
  type ArmBelief,
  lnProbabilitiesOfBest,
  topTwoThompsonShares,
  wholeWeights,
} from "./top-two-thompson.ts";

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const belief = fc.record({
  mean: fc.double({ min: -3, max: 3, noNaN: true }),
  deviation: fc.double({ min: 0.01, max: 2, noNaN: true }),
});
const beliefs = fc.array(belief, { minLength: 2, maxLength: 6 });

describe("probability of being best", () => {
  test.each<[ArmBelief, ArmBelief]>([
    [
      { mean: 0, deviation: 1 },
      { mean: 1, deviation: 1 },
    ],
    [
      { mean: 0, deviation: 0.001 },
      { mean: 0.01, deviation: 3 },
    ],
    [
      { mean: 5, deviation: 0.1 },
      { mean: 0, deviation: 0.2 },
    ],
    [
      { mean: 0, deviation: 1 },
      { mean: 40, deviation: 1 },
    ],
    [
      { mean: 0.05, deviation: 1e-7 },
      { mean: 0.06, deviation: 0.02 },
    ],
  ])("two arms by the closed form %j %j", (a, b) => {
    const spread = Math.hypot(a.deviation, b.deviation);
    const lnBest = lnProbabilitiesOfBest([a, b]);
    const expected = [lnNormalCdf((a.mean - b.mean) / spread), lnNormalCdf((b.mean - a.mean) / spread)];
    const behind = (expected[0] as number) < (expected[1] as number) ? 0 : 1;
    expect(relativeError(lnBest[behind] as number, expected[behind] as number)).toBeLessThan(2e-6);
    expect(lnBest[1 - behind]).toBeCloseTo(expected[1 - behind] as number, 5);
  });

  test("equal arms are equally likely", () => {
    const lnBest = lnProbabilitiesOfBest(Array.from({ length: 5 }, () => ({ mean: 2, deviation: 0.3 })));
    lnBest.forEach((value) => expect(value).toBeCloseTo(-Math.log(5), 10));
  });

  test("adds up to 1, follows the order of the arms, knows no origin, unit or direction", () => {
    fc.assert(
      fc.property(beliefs, (arms) => {
        const best = lnProbabilitiesOfBest(arms);
        expect(total(best.map(Math.exp))).toBeCloseTo(1, 10);
        const reversed = lnProbabilitiesOfBest(arms.toReversed()).toReversed();
        const moved = lnProbabilitiesOfBest(
          arms.map((a) => ({ mean: 7 - 4 * a.mean, deviation: 4 * a.deviation })),
          {
            isLowerBetter: true,
          },
        );
        best.forEach((value, i) => {
          expect(Math.exp(reversed[i] as number)).toBeCloseTo(Math.exp(value), 9);
          expect(Math.exp(moved[i] as number)).toBeCloseTo(Math.exp(value), 9);
        });
      }),
      { numRuns: 30 },
    );
  });

  test("a higher mean makes an arm likelier to be best, and every other one less", () => {
    fc.assert(
      fc.property(beliefs, fc.double({ min: 0.01, max: 1, noNaN: true }), ([first, ...others], rise) => {
        const arms = [first as ArmBelief, ...others];
        const before = lnProbabilitiesOfBest(arms);
        const after = lnProbabilitiesOfBest([
          { ...(first as ArmBelief), mean: (first as ArmBelief).mean + rise },
          ...others,
        ]);
        expect(after[0]).toBeGreaterThanOrEqual((before[0] as number) - 1e-9);
        for (let i = 1; i < arms.length; i++)
          expect(after[i]).toBeLessThanOrEqual((before[i] as number) + 1e-6);
      }),
    );
  });
});

describe("top-two shares", () => {
  test("are those of the sampling rule itself", () => {
    const arms = [
      { mean: 0.1, deviation: 0.05 },
      { mean: 0.15, deviation: 0.05 },
      { mean: 0.12, deviation: 0.1 },
    ];
    const random = new SeededRandom("top two");
    const best = (): number => {
      const draws = arms.map((arm) => arm.mean + arm.deviation * randomNormal(random));
      return draws.indexOf(Math.max(...draws));
    };
    const plays = [0, 0, 0];
    const runs = 40_000;
    for (let run = 0; run < runs; run++) {
      const leader = best();
      let played = leader;
      if (random.uniform() >= 0.5) while (played === leader) played = best();
      plays[played] = (plays[played] as number) + 1;
    }
    topTwoThompsonShares(arms, { floor: 0 }).forEach((share, i) =>
      expect(share).toBeCloseTo((plays[i] as number) / runs, 2),
    );
  });

  test("two arms share evenly at one half, whatever is known of them", () => {
    fc.assert(
      fc.property(belief, belief, (a, b) => {
        topTwoThompsonShares([a, b]).forEach((share) => expect(share).toBeCloseTo(0.5, 9));
      }),
    );
  });

  test("add up to 1 and never fall below the floor", () => {
    const floor = fc.double({ min: 0, max: 1 / 6, noNaN: true });
    const leaderShare = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(beliefs, floor, leaderShare, (arms, least, leader) => {
        const shares = topTwoThompsonShares(arms, { floor: least, leaderShare: leader });
        expect(total(shares)).toBeCloseTo(1, 10);
        shares.forEach((share) => expect(share).toBeGreaterThanOrEqual(least - 1e-12));
      }),
    );
  });

  test("go to the two best of arms that are far apart, and to the floor for the rest", () => {
    const arms = [0, 10, 9, 8].map((mean) => ({ mean, deviation: 0.01 }));
    const [last, first, second, third] = topTwoThompsonShares(arms, { floor: 0.05 });
    expect(last).toBeCloseTo(0.05, 6);
    expect(third).toBeCloseTo(0.05, 6);
    expect(first).toBeCloseTo(0.45, 6);
    expect(second).toBeCloseTo(0.45, 6);
  });

  test("refuse what has no meaning by name", () => {
    const arm = { mean: 0, deviation: 1 };
    expect(() => topTwoThompsonShares([])).toThrow("beliefs");
    expect(() => topTwoThompsonShares([arm, { mean: 0, deviation: 0 }])).toThrow("beliefs[1].deviation");
    expect(() => topTwoThompsonShares([{ mean: Number.NaN, deviation: 1 }])).toThrow("beliefs[0].mean");
    expect(() => topTwoThompsonShares([arm, arm], { floor: 0.6 })).toThrow("floor");
    expect(() => topTwoThompsonShares([arm, arm], { leaderShare: 1 })).toThrow("leaderShare");
  });
});

describe("whole weights", () => {
  test.each([
    [[0.5, 0.5], 100, [50, 50]],
    [[1, 1, 1], 100, [34, 33, 33]],
    [[0.999999, 0.000001], 100, [99, 1]],
    [[0.2, 0, 0.8], 10, [2, 0, 8]],
  ])("%j of %d: %j", (shares, sum, weights) => {
    expect(wholeWeights(shares, sum)).toEqual(weights);
  });

  test("add up exactly, are an allocation, and stay within a weight of each arm's share", () => {
    const shares = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(shares, (values) => {
        fc.pre(total(values) > 1e-9);
        const weights = wholeWeights(values);
        expect(total(weights)).toBe(10_000);
        expect(createAllocation(weights).totalWeight).toBe(10_000);
        weights.forEach((weight, i) =>
          expect(Math.abs(weight - (10_000 * (values[i] as number)) / total(values))).toBeLessThanOrEqual(8),
        );
      }),
    );
    expect(() => wholeWeights([0, 0])).toThrow("shares");
    expect(() => wholeWeights([1, -1])).toThrow("shares");
    expect(() => wholeWeights([1, 1], 1)).toThrow("total");
  });
});
