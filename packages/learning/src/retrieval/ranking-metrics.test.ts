import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ndcg, recall, reciprocalRank, scoreRanking } from "./ranking-metrics.ts";

const grades = new Map([
  ["a", 3],
  ["b", 2],
  ["c", 1],
]);

describe("ndcg", () => {
  test("a value worked out by hand", () => {
    // (2 + 0/log2 3 + 3/2) / (3 + 2/log2 3 + 1/2)
    expect(ndcg(["b", "x", "a"], grades, 10)).toBeCloseTo(3.5 / (3 + 2 / Math.log2(3) + 0.5), 12);
    // (3 + 7/log2 3) / (7 + 3/log2 3), at 2
    expect(ndcg(["b", "a", "c"], grades, 2, "exponential")).toBeCloseTo(
      (3 + 7 / Math.log2(3)) / (7 + 3 / Math.log2(3)),
      12,
    );
  });

  test("is 1 for the best order and 0 where nothing is relevant", () => {
    expect(ndcg(["a", "b", "c", "x"], grades, 10)).toBeCloseTo(1, 12);
    expect(ndcg(["a"], new Map(), 10)).toBe(0);
    expect(ndcg([], grades, 10)).toBe(0);
  });

  test("never falls when a relevant chunk moves up", () => {
    const list = fc.shuffledSubarray(["a", "b", "c", "x", "y"], { minLength: 5 });
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 6 }), (ranked, at, cut) => {
        const moved = [...ranked];
        [moved[at - 1], moved[at]] = [moved[at] as string, moved[at - 1] as string];
        const better = (grades.get(ranked[at] as string) ?? 0) >= (grades.get(ranked[at - 1] as string) ?? 0);
        const [before, after] = [ndcg(ranked, grades, cut), ndcg(moved, grades, cut)];
        expect(better ? after - before : before - after).toBeGreaterThanOrEqual(-1e-12);
      }),
    );
  });
});

test("reciprocalRank and recall", () => {
  expect(reciprocalRank(["x", "y", "c"], grades, 10)).toBeCloseTo(1 / 3, 12);
  expect(reciprocalRank(["x", "y", "c"], grades, 2)).toBe(0);
  expect(recall(["a", "x", "c"], grades, 2)).toBeCloseTo(1 / 3, 12);
  expect(recall(["a"], new Map(), 2)).toBe(0);
  expect(scoreRanking(["x", "a", "b", "c"], grades)).toMatchObject({ recall5: 1, reciprocalRank10: 0.5 });
});
