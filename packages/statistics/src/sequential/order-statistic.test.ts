import fc from "fast-check";
import { expect, test } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { binomialTest } from "../special-functions/binomial.ts";
import { upperOrderStatisticRank } from "./order-statistic.ts";

test("the 99.9 % limit of a p95 needs 135 controls", () => {
  expect(upperOrderStatisticRank(134, 0.95, 0.999)).toBeUndefined();
  expect(upperOrderStatisticRank(135, 0.95, 0.999)).toBe(135);
  expect(upperOrderStatisticRank(0, 0.95, 0.999)).toBeUndefined();
});

test("it is the smallest rank whose binomial probability suffices", () => {
  const n = fc.integer({ min: 1, max: 400 });
  const share = fc.double({ min: 0.05, max: 0.99, noNaN: true });
  fc.assert(
    fc.property(n, share, share, (controls, quantile, confidence) => {
      const below = (rank: number): number =>
        rank > controls
          ? 1
          : binomialTest({
              successes: rank - 1,
              trials: controls,
              probability: quantile,
              alternative: "less",
            });
      const rank = upperOrderStatisticRank(controls, quantile, confidence) ?? controls + 1;
      expect(below(rank)).toBeGreaterThanOrEqual(confidence - 1e-12);
      expect(rank === 1 ? 0 : below(rank - 1)).toBeLessThan(confidence + 1e-12);
    }),
  );
});

test("it covers the quantile as often as it promises", () => {
  const random = new SeededRandom("coverage");
  const runs = 1000;
  const rank = upperOrderStatisticRank(200, 0.95, 0.95) as number;
  let misses = 0;
  for (let run = 0; run < runs; run++) {
    const controls = Array.from({ length: 200 }, () => random.uniform()).sort((a, b) => a - b);
    if ((controls[rank - 1] as number) < 0.95) misses++;
  }
  const p = binomialTest({ successes: misses, trials: runs, probability: 0.05, alternative: "greater" });
  expect(p, `${misses} of ${runs}`).toBeGreaterThan(0.001);
});

test("a million controls take a moment", () => {
  expect(upperOrderStatisticRank(1_000_000, 0.95, 0.999)).toBe(950_673);
});

test("input that has no meaning is refused by name", () => {
  expect(() => upperOrderStatisticRank(1.5, 0.95, 0.999)).toThrow("n");
  expect(() => upperOrderStatisticRank(100, 1, 0.999)).toThrow("quantile");
  expect(() => upperOrderStatisticRank(100, 0.95, 1)).toThrow("confidence");
});
