import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomNormal } from "../random/normal.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import type { ArmSummary } from "../units/arm-summary.ts";
import { addPairedUnit, NO_PAIRED_UNITS } from "../units/unit-sums.ts";
import { quantileSummary, sampleQuantile, type QuantileInput } from "./quantile.ts";

function ofValues(values: readonly number[], quantile: number): QuantileInput {
  const sorted = values.toSorted((a, b) => a - b);
  return { quantile, count: sorted.length, valueAt: (rank) => sorted[rank - 1] as number };
}

test("the sample quantile is the value at rank ceil(n q)", () => {
  const twenty = Array.from({ length: 20 }, (_, i) => i + 1);
  expect(sampleQuantile(ofValues(twenty, 0.95))).toBe(19);
  expect(sampleQuantile(ofValues(twenty, 0.951))).toBe(20);
  expect(sampleQuantile(ofValues(twenty, 0.001))).toBe(1);
  expect(sampleQuantile(ofValues(twenty, 0.5))).toBe(10);
});

test("by hand: the median of 1 to 100", () => {
  const summary = quantileSummary(
    ofValues(
      Array.from({ length: 100 }, (_, i) => i + 1),
      0.5,
    ),
  );
  // Ranks 50 -+ 1.96 * 5: floor(40.2) and ceil(59.8).
  const deviation = (60 - 40) / (2 * 1.959963984540054);
  expect(summary?.mean).toBe(50);
  expect(summary?.n).toBe(100);
  expect(summary?.variance).toBeCloseTo(deviation ** 2 * 100, 8);
});

test("unit and origin of the values scale the summary", () => {
  const value = fc.integer({ min: 0, max: 10_000 });
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 50, maxLength: 200 }),
      fc.constantFrom(0.5, 0.25, 0.8),
      (values, quantile) => {
        const summary = quantileSummary(ofValues(values, quantile));
        fc.pre(summary !== undefined);
        const moved = quantileSummary(ofValues(values.map((x) => 2 * x + 3), quantile)); // prettier-ignore
        expect(moved?.mean).toBe(2 * summary.mean + 3);
        expect(moved?.variance).toBeCloseTo(4 * summary.variance, 4);
      },
    ),
  );
});

test("no inference where both ranks have one value, or too few values exist", () => {
  expect(quantileSummary(ofValues(Array.from({ length: 500 }, () => 7), 0.5))).toBeUndefined(); // prettier-ignore
  expect(quantileSummary(ofValues([1, 2, 3, 4, 5], 0.95))).toBeUndefined();
  expect(quantileSummary(ofValues([], 0.5))).toBeUndefined();
});

/** Units with five values each that are nearly the same; a simulated arm of 200 units. */
function clusteredArm(random: SeededRandom): { clustered: ArmSummary; naive: ArmSummary } {
  const units = Array.from({ length: 200 }, () => {
    const level = randomNormal(random);
    return Array.from({ length: 5 }, () => level + 0.1 * randomNormal(random));
  });
  const input = ofValues(units.flat(), 0.75);
  const limit = sampleQuantile(input);
  const clusters = units.reduce(
    (sums, values) => addPairedUnit(sums, values.filter((x) => x <= limit).length, values.length),
    NO_PAIRED_UNITS,
  );
  return {
    clustered: quantileSummary({ ...input, clusters }) as ArmSummary,
    naive: quantileSummary(input) as ArmSummary,
  };
}

describe("several values of a unit", () => {
  test("the clustered variance is the one that is seen; the naive one is a fifth of it", () => {
    const random = new SeededRandom("clusters");
    const arms = Array.from({ length: 300 }, () => clusteredArm(random));
    const means = arms.map(({ clustered }) => clustered.mean);
    const mean = means.reduce((sum, x) => sum + x, 0) / means.length;
    const seen = means.reduce((sum, x) => sum + (x - mean) ** 2, 0) / means.length;
    const average = (kind: "clustered" | "naive"): number =>
      arms.reduce((sum, arm) => sum + arm[kind].variance / arm[kind].n, 0) / arms.length;
    expect(average("clustered") / seen).toBeGreaterThan(0.75);
    expect(average("clustered") / seen).toBeLessThan(1.35);
    expect(average("naive") / seen).toBeLessThan(0.35);
    expect(arms[0]?.clustered.n).toBe(200);
  });
});

test("input that has no meaning is refused by name", () => {
  expect(() => quantileSummary(ofValues([1, 2], 1))).toThrow("quantile");
  expect(() => quantileSummary({ quantile: 0.5, count: 100, valueAt: () => Number.NaN })).toThrow("valueAt");
  expect(() => quantileSummary({ quantile: 0.5, count: 100, valueAt: (rank) => -rank })).toThrow("valueAt");
  expect(() => sampleQuantile(ofValues([], 0.5))).toThrow("count");
});
