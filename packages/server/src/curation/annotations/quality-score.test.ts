import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meanOf, qualityScore, type QualityVote } from "./quality-score.ts";

function vote(value: number, trust = 1): QualityVote {
  return { dimensions: [value, value, value, value], trust };
}

describe("qualityScore", () => {
  it.each<[string, QualityVote[], number | null, number | null]>([
    ["no annotation", [], 0.8, null],
    ["an annotation without dimensions", [{ dimensions: [], trust: 1 }], 0.8, null],
    ["mean of the four dimensions", [{ dimensions: [1, 0.8, 0.6, 0.4], trust: 1 }], null, 0.7],
    ["no history: not shrunk", [vote(0.9)], null, 0.9],
    // (0.9 + 0.5 · 0.6) / 1.5
    ["one annotation, shrunk by a third", [vote(0.9)], 0.6, 0.8],
    // (0.9 + 0.9 + 0.5 · 0.6) / 2.5
    ["two annotations, shrunk by a fifth", [vote(0.9), vote(0.9)], 0.6, 0.84],
    // (1 · 1 + 0.5 · 0 + 0.5 · 0.5) / 2
    ["trust weighs", [vote(1, 1), vote(0, 0.5)], 0.5, 0.63],
    // 0.75 / 1.25: half the trust, more of the prior
    ["little trust, much prior", [vote(1, 0.5)], 0.5, 0.75],
    ["equal to the agent's mean", [vote(0.7)], 0.7, 0.7],
    ["the extremes", [vote(0), vote(0)], 0, 0],
    ["rounded to hundredths", [{ dimensions: [0.33, 0.33, 0.33, 0.34], trust: 1 }], null, 0.33],
  ])("%s", (_name, votes, agentMean, expected) => {
    expect(qualityScore(votes, agentMean)).toBe(expected);
  });

  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const anyVote = fc.record({
    dimensions: fc.array(share, { minLength: 4, maxLength: 4 }),
    trust: fc.double({ min: 0.01, max: 10, noNaN: true }),
  });

  it("lies between the lowest and the highest of votes and agent's mean", () => {
    fc.assert(
      fc.property(fc.array(anyVote, { minLength: 1, maxLength: 6 }), share, (votes, agentMean) => {
        const means = [...votes.map(({ dimensions }) => meanOf(dimensions)), agentMean];
        const score = qualityScore(votes, agentMean) ?? Number.NaN;
        expect(score).toBeGreaterThanOrEqual(Math.min(...means) - 0.005_001);
        expect(score).toBeLessThanOrEqual(Math.max(...means) + 0.005_001);
      }),
    );
  });

  it("does not depend on the order of the votes", () => {
    fc.assert(
      fc.property(fc.array(anyVote, { minLength: 2, maxLength: 2 }), share, ([a, b], agentMean) => {
        const votes = [a, b].filter((one) => one !== undefined);
        expect(qualityScore(votes, agentMean)).toBe(qualityScore([...votes].reverse(), agentMean));
      }),
    );
  });
});
