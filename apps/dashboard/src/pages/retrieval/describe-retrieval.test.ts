import { describe, expect, it } from "vitest";
import {
  type ChunkMove,
  describeMove,
  describeRate,
  placesOf,
  type SpotCheckRate,
} from "./describe-retrieval.ts";

const move = (more: Partial<ChunkMove>): ChunkMove => ({
  chunkId: "c",
  from: 5,
  to: 1,
  isRelevant: false,
  effects: { store: 0, memory: 0, relevance: 0 },
  memory: 0,
  relevance: null,
  ...more,
});

describe("describeMove", () => {
  it.each([
    [
      move({ effects: { store: -1, memory: 2, relevance: 1 }, memory: 0.634 }),
      "Questions like this one led to it (likeness 0.63).",
    ],
    [
      move({ effects: { store: -1, memory: 0, relevance: 1 }, relevance: 1.2 }),
      "People found it relevant (log-odds +1.20).",
    ],
    [
      move({ effects: { store: 3, memory: 0, relevance: 1 }, relevance: 1.2 }),
      "The store is surer of it than of others.",
    ],
    [move({ effects: { store: -1, memory: -1, relevance: -1 } }), "Others fell behind it."],
    [move({ effects: null }), "The search finds it better now."],
    [
      move({ from: 1, to: 5, effects: { store: 1, memory: -2, relevance: 0 } }),
      "No question like this one led to it.",
    ],
    [
      move({ from: 1, to: 5, effects: { store: 1, memory: -2, relevance: 0 }, memory: 0.2 }),
      "Questions like this one led to others more (likeness 0.20).",
    ],
    [
      move({ from: 1, to: 5, effects: { store: 1, memory: 0, relevance: -1 }, relevance: -0.5 }),
      "People found it less relevant than others (log-odds −0.50).",
    ],
    [move({ from: 1, to: null, effects: null }), "The search finds others better now."],
    [move({ from: 1, to: 2, effects: { store: 1, memory: 1, relevance: 1 } }), "Others came before it."],
  ])("says of %o: %s", (one, sentence) => expect(describeMove(one)).toBe(sentence));

  it("names places, and none for a list that it is not in", () => {
    expect(placesOf(move({}))).toBe("5 → 1");
    expect(placesOf(move({ from: null }))).toBe("– → 1");
  });
});

describe("describeRate", () => {
  const rate: SpotCheckRate = {
    kind: "uniform",
    checks: 10,
    waiting: 1,
    better: 1,
    worse: 1,
    ties: 1,
    unchanged: 6,
    leftOut: 0,
    errorRate: 1 / 9,
    interval: [0.0123, 0.414],
  };
  it("gives the rate with its interval and how many it comes from", () => {
    expect(describeRate(rate)).toBe("11.1\u00a0% worse (1.2\u00a0% to 41.4\u00a0%): 1 of 9, 1 waiting.");
    expect(describeRate({ ...rate, errorRate: null, interval: null, waiting: 10 })).toBe(
      "Nobody has answered yet: 10 checks waiting.",
    );
  });
});
