import { SeededRandom } from "@agent-learning/statistics";
import { describe, expect, test } from "vitest";
import { pairedComparison, type PairedScore } from "./paired-comparison.ts";
import { type GainProof, proveGain } from "./prove-gain.ts";

function prove(differences: readonly number[], level = 0.05): GainProof {
  const scores: PairedScore[] = differences.map((difference, index) => ({
    rowId: String(index),
    seed: 0.5,
    candidate: 0.5 + difference,
  }));
  return proveGain(scores, pairedComparison(scores), { level, randomSeed: "test" });
}

describe("proveGain on graded scores", () => {
  test("the randomisation test is the exact one within its error", () => {
    // All 2⁶ signs of six equal differences: only the observed one is as large.
    expect(prove([0.1, 0.1, 0.1, 0.1, 0.1, 0.1]).pValue).toBeCloseTo(1 / 64, 2);
    // 0.3 + 0.2 − 0.1 = 0.4: of eight assignments, 0.6 and 0.4 reach it.
    expect(prove([0.3, 0.2, -0.1]).pValue).toBeCloseTo(2 / 8, 1);
  });

  test("nothing moved, nothing proven", () => {
    expect(prove([0, 0, 0])).toMatchObject({ pValue: 1, lowerBound: 0, proven: false });
  });

  test("needs both the bound and the test", () => {
    const few = prove([0.2, 0.2, 0.2, ...Array.from({ length: 10 }, () => 0)], 0.08);
    expect(few.lowerBound).toBeGreaterThan(0);
    expect(few.pValue).toBeGreaterThan(0.08);
    expect(few.proven).toBe(false);
  });

  test("a smaller level asks for more", () => {
    const differences = Array.from({ length: 40 }, (_, index) => (index % 3 === 0 ? -0.1 : 0.1));
    expect(prove(differences, 0.05).proven).toBe(true);
    expect(prove(differences, 0.0005).proven).toBe(false);
  });

  test("many rows and a tiny level stay within bounds of work", () => {
    const random = new SeededRandom(1);
    const differences = Array.from({ length: 600 }, () => random.uniform() - 0.45);
    const before = process.cpuUsage();
    expect(prove(differences, 0.001).proven).toBe(true);
    // Of the processor, not of the wall: the machine may do much else.
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(10_000);
  });
});

test("scores of 0 and 1 use McNemar's exact test and no resampling", () => {
  const scores = Array.from({ length: 20 }, (_, index) => ({
    rowId: String(index),
    seed: index < 8 ? 0 : 1,
    candidate: 1,
  }));
  const proof = proveGain(scores, pairedComparison(scores), { level: 0.01, randomSeed: "x" });
  expect(proof).toEqual({
    test: "mcnemar",
    pValue: expect.closeTo(2 ** -8, 12) as number,
    level: 0.01,
    proven: true,
  });
});
