import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomNormal } from "../random/normal.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { binomialTest } from "../special-functions/binomial.ts";
import { mcNemarTest } from "./mcnemar.ts";
import { pairedBootstrapLowerBound } from "./paired-bootstrap.ts";

describe("exact McNemar test", () => {
  test("by hand", () => {
    expect(mcNemarTest({ onlyBaseline: 0, onlyCandidate: 0 })).toBe(1);
    expect(mcNemarTest({ onlyBaseline: 6, onlyCandidate: 0 })).toBeCloseTo(2 / 64, 14);
    expect(mcNemarTest({ onlyBaseline: 6, onlyCandidate: 0, alternative: "less" })).toBeCloseTo(1 / 64, 14);
    expect(mcNemarTest({ onlyBaseline: 6, onlyCandidate: 0, alternative: "greater" })).toBe(1);
    // 2 (C(14,0) + C(14,1) + C(14,2) + C(14,3)) / 2^14
    expect(mcNemarTest({ onlyBaseline: 3, onlyCandidate: 11 })).toBeCloseTo(
      (2 * (1 + 14 + 91 + 364)) / 2 ** 14,
      14,
    );
  });

  test("swapping the sides swaps the alternatives", () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(400), (a, b) => {
        const p = mcNemarTest({ onlyBaseline: a, onlyCandidate: b });
        expect(mcNemarTest({ onlyBaseline: b, onlyCandidate: a })).toBeCloseTo(p, 12);
        const worse = mcNemarTest({ onlyBaseline: a, onlyCandidate: b, alternative: "less" });
        expect(mcNemarTest({ onlyBaseline: b, onlyCandidate: a, alternative: "greater" })).toBeCloseTo(
          worse,
          12,
        );
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("counts that are none are refused", () => {
    expect(() => mcNemarTest({ onlyBaseline: -1, onlyCandidate: 0 })).toThrow("onlyBaseline");
    expect(() => mcNemarTest({ onlyBaseline: 1, onlyCandidate: 0.5 })).toThrow("onlyCandidate");
  });
});

describe("paired bootstrap", () => {
  const differences = Array.from({ length: 50 }, (_, i) => Math.sin(i) + 0.2);

  test("the same seed gives the same bound", () => {
    const bound = pairedBootstrapLowerBound(differences, { seed: "a" });
    expect(pairedBootstrapLowerBound(differences, { seed: "a" })).toEqual(bound);
    expect(pairedBootstrapLowerBound(differences, { seed: "b" })).not.toEqual(bound);
  });

  test("close to the normal bound for many pairs", () => {
    const n = differences.length;
    const mean = differences.reduce((sum, x) => sum + x, 0) / n;
    const deviation = Math.sqrt(differences.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n / n);
    const bound = pairedBootstrapLowerBound(differences, { seed: 1 });
    expect(bound.mean).toBeCloseTo(mean, 12);
    expect(bound.lower).toBeCloseTo(mean - 1.645 * deviation, 1);
  });

  test("shifting and scaling the differences shifts and scales the bound", () => {
    const bound = pairedBootstrapLowerBound(differences, { seed: 1, resamples: 500 });
    const moved = pairedBootstrapLowerBound(
      differences.map((x) => 3 * x - 2),
      { seed: 1, resamples: 500 },
    );
    expect(moved.lower).toBeCloseTo(3 * bound.lower - 2, 12);
  });

  test("more confidence gives a lower bound; equal differences leave nothing open", () => {
    const sure = pairedBootstrapLowerBound(differences, { seed: 1, confidence: 0.999 });
    expect(sure.lower).toBeLessThan(pairedBootstrapLowerBound(differences, { seed: 1 }).lower);
    expect(pairedBootstrapLowerBound([0.25, 0.25], { seed: 1 })).toEqual({ mean: 0.25, lower: 0.25 });
  });

  test("it lies below the true mean about as often as it promises", () => {
    const random = new SeededRandom("coverage");
    const runs = 300;
    let misses = 0;
    for (let run = 0; run < runs; run++) {
      const sample = Array.from({ length: 60 }, () => randomNormal(random) ** 2 - 1);
      if (pairedBootstrapLowerBound(sample, { seed: run, resamples: 400, confidence: 0.9 }).lower > 0)
        misses++;
    }
    const p = binomialTest({ successes: misses, trials: runs, probability: 0.1, alternative: "greater" });
    expect(p, `${misses} of ${runs}`).toBeGreaterThan(0.001);
  });

  test("input that has no meaning is refused by name", () => {
    expect(() => pairedBootstrapLowerBound([], { seed: 1 })).toThrow("differences");
    expect(() => pairedBootstrapLowerBound([1, Number.NaN], { seed: 1 })).toThrow("differences[1]");
    expect(() => pairedBootstrapLowerBound([1, 2], { seed: 1, resamples: 10 })).toThrow("resamples");
  });
});
