import fc from "fast-check";
import { expect, test } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { falseDiscoveryAdjusted } from "./false-discovery.ts";

test("by hand", () => {
  // Of 5: .01 * 5 / 1, .02 * 5 / 2, .03 * 5 / 3 are all .05; .5 * 5 / 4 = .625; .9.
  const byHand = falseDiscoveryAdjusted([0.03, 0.9, 0.01, 0.5, 0.02]);
  [0.05, 0.9, 0.05, 0.625, 0.05].forEach((p, i) => expect(byHand[i]).toBeCloseTo(p, 12));
  const harmonic = 1 + 1 / 2 + 1 / 3;
  const any = falseDiscoveryAdjusted([0.001, 0.4, 0.02], "any");
  expect(any[0]).toBeCloseTo(0.003 * harmonic, 12);
  expect(any[1]).toBeCloseTo(0.4 * harmonic, 12);
  expect(any[2]).toBeCloseTo(0.03 * harmonic, 12);
  expect(falseDiscoveryAdjusted([])).toEqual([]);
  expect(() => falseDiscoveryAdjusted([1.1])).toThrow("pValues[0]");
});

test("keeps the order, is never below the p value nor above 1", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (pValues) => {
      const adjusted = falseDiscoveryAdjusted(pValues, "any");
      pValues.forEach((p, i) => {
        expect(adjusted[i]).toBeGreaterThanOrEqual(p * (1 - 1e-12));
        expect(adjusted[i]).toBeLessThanOrEqual(1);
        const larger = adjusted.filter((_, j) => (pValues[j] as number) > p);
        expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, ...larger));
      });
    }),
  );
});

test("of 30 true and 10 false hypotheses a share below the level is rejected wrongly", () => {
  const random = new SeededRandom("false discovery");
  let share = 0;
  const runs = 2_000;
  for (let run = 0; run < runs; run++) {
    const pValues = Array.from({ length: 40 }, (_, i) => random.uniform() * (i < 30 ? 1 : 0.001));
    const rejected = falseDiscoveryAdjusted(pValues).flatMap((p, i) => (p <= 0.1 ? [i] : []));
    share += rejected.filter((i) => i < 30).length / Math.max(1, rejected.length);
  }
  // Exactly .1 * 30 / 40 in expectation for independent tests.
  expect(share / runs).toBeGreaterThan(0.065);
  expect(share / runs).toBeLessThan(0.085);
});
