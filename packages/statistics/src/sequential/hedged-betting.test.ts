import fc from "fast-check";
import { expect, test } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { binomialTest } from "../special-functions/binomial.ts";
import { bettingInterval, lnHedgedMartingale } from "./hedged-betting.ts";

const oneInTen = Array.from({ length: 200 }, (_, i) => (i % 10 === 0 ? 1 : 0));

test("reference values", () => {
  expect(Math.exp(lnHedgedMartingale(oneInTen, 0.05, 0.05))).toBeCloseTo(34.14660739, 8);
  expect(bettingInterval(oneInTen)).toEqual({ lower: 0.054, upper: 0.176 });
});

const observations = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 200 });

test("the interval is the set of grid means that the martingale has not refuted, and one step more", () => {
  fc.assert(
    fc.property(observations, (values) => {
      const kept = Array.from({ length: 99 }, (_, i) => i + 1).filter(
        (step) => lnHedgedMartingale(values, step / 100, 0.05) <= Math.log(20),
      );
      const { lower, upper } = bettingInterval(values, { grid: 100 });
      expect(lower).toBe(((kept[0] ?? 100) - 1) / 100);
      expect(upper).toBe(((kept.at(-1) ?? 0) + 1) / 100);
    }),
  );
});

test("mirrored observations give the mirrored interval", () => {
  fc.assert(
    fc.property(observations, (values) => {
      const grained = values.map((x) => Math.round(x * 1024) / 1024);
      const interval = bettingInterval(grained, { grid: 256 });
      const mirrored = bettingInterval(
        grained.map((x) => 1 - x),
        { grid: 256 },
      );
      expect(mirrored).toEqual({ lower: 1 - interval.upper, upper: 1 - interval.lower });
    }),
  );
});

test("a smaller alpha never gives a narrower interval; no observations give all of [0, 1]", () => {
  expect(bettingInterval([])).toEqual({ lower: 0, upper: 1 });
  const narrow = bettingInterval(oneInTen, { alpha: 0.2 });
  const wide = bettingInterval(oneInTen, { alpha: 0.001 });
  expect(wide.lower).toBeLessThan(narrow.lower);
  expect(wide.upper).toBeGreaterThan(narrow.upper);
});

test("the mean is refuted in at most alpha of runs, looked at after every observation", () => {
  const runs = 300;
  const random = new SeededRandom("hedged");
  let refuted = 0;
  for (let run = 0; run < runs; run++) {
    const values: number[] = [];
    for (let i = 0; i < 300; i++) {
      values.push(random.uniform() < 0.3 ? random.uniform() : 0);
      if (i % 10 === 9 && lnHedgedMartingale(values, 0.15, 0.05) >= Math.log(20)) {
        refuted++;
        break;
      }
    }
  }
  const p = binomialTest({ successes: refuted, trials: runs, probability: 0.05, alternative: "greater" });
  expect(p, `${refuted} of ${runs}`).toBeGreaterThan(0.001);
});

test("observations and options that have no meaning are refused by name", () => {
  expect(() => lnHedgedMartingale([0.5, 2], 0.5, 0.05)).toThrow("observations[1]");
  expect(() => lnHedgedMartingale([0.5], 0, 0.05)).toThrow("mean");
  expect(() => bettingInterval([Number.NaN])).toThrow("observations[0]");
  expect(() => bettingInterval([], { grid: 1 })).toThrow("grid");
});
