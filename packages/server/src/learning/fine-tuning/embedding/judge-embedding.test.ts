import { describe, expect, it } from "vitest";
import { judgeEmbedding } from "./judge-embedding.ts";

const places = (place: number): number[] => Array.from({ length: 40 }, () => place);

describe("an embedder", () => {
  it("passes when it finds held-out passages sooner", () => {
    const gate = judgeEmbedding({ retrieval: { before: places(4), after: places(1) } });
    expect(gate).toMatchObject({ baseline_score: 0.25, candidate_score: 1, difference: 0.75, rows: 40 });
    expect(gate).toMatchObject({ interval: [0.75, 0.75], wins: 40, losses: 0 });
    expect(gate.refusal).toBeUndefined();
  });

  it("has an interval on both sides of the difference, which may be against it", () => {
    const { difference, interval, wins, losses } = judgeEmbedding({
      retrieval: { before: [1, 1, 1, 2, 4, 1], after: [2, 4, 1, 1, 1, 3] },
    });
    expect([wins, losses]).toEqual([2, 3]);
    expect(interval[0]).toBeLessThan(difference);
    expect(interval[1]).toBeGreaterThan(difference);
  });

  it.each([
    ["nothing changed", { before: places(2), after: places(2) }],
    ["it is worse", { before: places(1), after: places(3) }],
    ["it may be chance", { before: [...places(2), 1, 2], after: [...places(2), 2, 1] }],
  ])("is refused where %s", (_, retrieval) => {
    expect(judgeEmbedding({ retrieval }).refusal).toContain("provably better");
  });

  it.each([
    [undefined],
    [{}],
    [{ retrieval: { before: [], after: [] } }],
    [{ retrieval: { before: [1], after: [1, 2] } }],
    [{ retrieval: { before: [0], after: [1] } }],
  ])("is refused where nothing was measured: %j", (trainer) =>
    expect(judgeEmbedding(trainer).refusal).toContain("did not measure"),
  );
});
