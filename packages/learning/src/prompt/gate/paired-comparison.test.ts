import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairedComparison, type PairedScore } from "./paired-comparison.ts";

const pairs = (counts: { wins: number; losses: number; both: number; neither: number }): PairedScore[] =>
  [
    [counts.wins, 0, 1],
    [counts.losses, 1, 0],
    [counts.both, 1, 1],
    [counts.neither, 0, 0],
  ].flatMap(([count, seed, candidate]) =>
    Array.from({ length: count! }, (_, index) => ({
      rowId: `${seed}${candidate}${index}`,
      seed: seed!,
      candidate: candidate!,
    })),
  );

describe("pairedComparison", () => {
  test("counts and means", () => {
    const comparison = pairedComparison(pairs({ wins: 12, losses: 4, both: 50, neither: 34 }));
    expect(comparison).toMatchObject({
      rows: 100,
      wins: 12,
      losses: 4,
      ties: 84,
      binary: true,
      confidence: 0.95,
    });
    expect(comparison.seedMean).toBeCloseTo(0.54, 12);
    expect(comparison.candidateMean).toBeCloseTo(0.62, 12);
    expect(comparison.difference).toBeCloseTo(0.08, 12);
  });

  test("the interval for 0 and 1 is Agresti and Min's", () => {
    // Theirs: (b − c)/(n + 2) ± z √((b + c + 1) − (b − c)²/(n + 2)) / (n + 2), b = 12, c = 4, n = 100.
    const [low, high] = pairedComparison(pairs({ wins: 12, losses: 4, both: 50, neither: 34 })).interval;
    const half = (1.959963984540054 * Math.sqrt(17 - 64 / 102)) / 102;
    expect(low).toBeCloseTo(8 / 102 - half, 10);
    expect(high).toBeCloseTo(8 / 102 + half, 10);
  });

  test("graded scores get a bootstrap interval around the difference", () => {
    const graded = Array.from({ length: 200 }, (_, index) => ({
      rowId: String(index),
      seed: (index % 10) / 10,
      candidate: Math.min(1, (index % 10) / 10 + ((index * 7) % 5) / 20),
    }));
    const comparison = pairedComparison(graded);
    expect(comparison.binary).toBe(false);
    expect(comparison.interval[0]).toBeLessThan(comparison.difference);
    expect(comparison.interval[1]).toBeGreaterThan(comparison.difference);
    expect(comparison.interval[1] - comparison.interval[0]).toBeLessThan(0.05);
    expect(pairedComparison(graded)).toEqual(comparison);
  });

  test("without rows nothing is claimed", () => {
    expect(pairedComparison([])).toMatchObject({ rows: 0, difference: 0, interval: [-1, 1] });
  });

  test("swapping the sides turns everything round", () => {
    const count = fc.nat(20);
    fc.assert(
      fc.property(fc.record({ wins: count, losses: count, both: count, neither: count }), (counts) => {
        const rows = pairs(counts);
        const one = pairedComparison(rows);
        const other = pairedComparison(
          rows.map((row) => ({ ...row, seed: row.candidate, candidate: row.seed })),
        );
        expect([other.wins, other.losses]).toEqual([one.losses, one.wins]);
        expect(other.difference).toBeCloseTo(-one.difference, 12);
        expect(other.interval[0]).toBeCloseTo(-one.interval[1], 12);
      }),
    );
  });
});
