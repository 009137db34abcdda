import { SeededRandom } from "@agent-learning/statistics";
import { describe, expect, test } from "vitest";
import { type GateQuery, rankingGate } from "./gate.ts";
import type { RankingScores } from "./ranking-metrics.ts";

const scores = (ndcg10: number, recall100 = 1): RankingScores => ({
  ndcg10,
  reciprocalRank10: ndcg10,
  recall5: 1,
  recall10: 1,
  recall100,
});
/** `lift` by query number, on a baseline of .5. */
function queries(
  count: number,
  lift: (index: number) => number,
  slice = (_index: number) => "all",
): GateQuery[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `q${index}`,
    baseline: scores(0.5),
    candidate: scores(0.5 + lift(index)),
    slices: [slice(index)],
  }));
}

describe("rankingGate", () => {
  test("promotes what is better", () => {
    const random = new SeededRandom("better");
    const result = rankingGate(
      queries(100, () => 0.1 + 0.2 * (random.uniform() - 0.5)),
      { seed: "s" },
    );
    expect(result).toMatchObject({ verdict: "promote", reasons: [], queries: 100 });
    expect(result.candidate.ndcg10).toBeGreaterThan(0.55);
  });

  test("keeps what is no better, in at least 95 % of its luck", () => {
    let promoted = 0;
    for (let run = 0; run < 60; run++) {
      const random = new SeededRandom(`null ${run}`);
      const list = queries(60, () => 0.4 * (random.uniform() - 0.5));
      if (rankingGate(list, { seed: String(run) }).verdict === "promote") promoted++;
    }
    // 9 or more of 60 at 5 % have a probability of .003.
    expect(promoted).toBeLessThan(9);
  });

  test("keeps what helps most at the cost of a slice, and names it", () => {
    const list = queries(
      200,
      (index) => (index % 5 === 0 ? -0.05 : 0.2),
      (index) => (index % 5 === 0 ? "cold" : "warm"),
    );
    const { verdict, reasons, slices } = rankingGate(list, { seed: "s" });
    expect(verdict).toBe("keep");
    expect(reasons).toEqual([
      expect.stringMatching(/"cold" \(40 queries\) would fall from 0\.500 to 0\.450/),
    ]);
    expect(slices.map(({ slice, worse }) => [slice, worse])).toEqual([
      ["cold", true],
      ["warm", false],
    ]);
  });

  test("does not judge a slice by a handful of queries", () => {
    const list = queries(
      100,
      (index) => (index < 10 ? -0.3 : 0.2),
      (index) => (index < 10 ? "few" : "many"),
    );
    const result = rankingGate(list, { seed: "s" });
    expect(result.verdict).toBe("promote");
    expect(result.slices[0]).toMatchObject({ slice: "few", guarded: false, worse: false });
  });

  test("keeps what finds less", () => {
    const list = queries(100, () => 0.2).map((query) => ({ ...query, candidate: scores(0.7, 0.99) }));
    expect(rankingGate(list, { seed: "s" }).reasons).toEqual([
      expect.stringMatching(/Recall@100 would fall/),
    ]);
  });

  test("keeps without a query to judge by", () => {
    const result = rankingGate([], { seed: "s" });
    expect(result).toMatchObject({ verdict: "keep", pValue: 1 });
    expect(result.reasons[0]).toMatch(/No held-out query/);
  });
});
