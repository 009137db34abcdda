import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holmAdjusted } from "./holm.ts";
import { wilsonInterval } from "./wilson.ts";

describe("Wilson interval", () => {
  test("published values", () => {
    // Newcombe 1998, table I: 81 of 263 and 0 of 20.
    const interval = wilsonInterval(81, 263);
    expect(interval.lower).toBeCloseTo(0.2553, 4);
    expect(interval.upper).toBeCloseTo(0.3662, 4);
    expect(wilsonInterval(0, 20).lower).toBe(0);
    expect(wilsonInterval(0, 20).upper).toBeCloseTo(0.1611, 4);
    expect(wilsonInterval(0, 0)).toEqual({ lower: 0, upper: 1 });
  });

  const trials = fc.integer({ min: 1, max: 100_000 }).chain((n) => fc.tuple(fc.nat(n), fc.constant(n)));

  test("inside [0, 1], around the proportion, mirrored for failures", () => {
    fc.assert(
      fc.property(trials, fc.double({ min: 1e-6, max: 0.9, noNaN: true }), ([successes, n], alpha) => {
        const { lower, upper } = wilsonInterval(successes, n, alpha);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(upper).toBeLessThanOrEqual(1);
        expect(lower).toBeLessThanOrEqual(successes / n + 1e-12);
        expect(upper).toBeGreaterThanOrEqual(successes / n - 1e-12);
        const mirrored = wilsonInterval(n - successes, n, alpha);
        expect(mirrored.lower).toBeCloseTo(1 - upper, 12);
      }),
    );
  });

  test("its ends are the proportions that the score test just rejects", () => {
    const { lower, upper } = wilsonInterval(30, 200);
    for (const p of [lower, upper]) {
      expect(Math.abs(30 / 200 - p) / Math.sqrt((p * (1 - p)) / 200)).toBeCloseTo(1.959963985, 8);
    }
  });

  test("refusals", () => {
    expect(() => wilsonInterval(3, 2)).toThrow("successes");
    expect(() => wilsonInterval(0, 2, 0)).toThrow("alpha");
  });
});

describe("Holm", () => {
  test("reference value", () => {
    const adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005, 0.55, 0.6]);
    const expected = [0.03, 0.05, 0.12, 0.12, 1, 1];
    adjusted.toSorted((a, b) => a - b).forEach((p, i) => expect(p).toBeCloseTo(expected[i] as number, 12));
    expect(adjusted[3]).toBeCloseTo(0.03, 12);
  });

  const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

  test("never below the p value, never above Bonferroni's, in the same order", () => {
    fc.assert(
      fc.property(pValues, (values) => {
        const adjusted = holmAdjusted(values);
        values.forEach((p, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * values.length) + 1e-15);
          values.forEach((q, j) =>
            expect(p > q || (adjusted[i] as number) <= (adjusted[j] as number)).toBe(true),
          );
        });
      }),
    );
  });

  test("a p value that is none is refused", () => {
    expect(() => holmAdjusted([0.5, 1.5])).toThrow("pValues[1]");
  });
});
