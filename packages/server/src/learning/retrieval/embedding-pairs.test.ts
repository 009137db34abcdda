import { expect, test } from "vitest";
import { embeddingPairs } from "./embedding-pairs.ts";

const sign = (chunk: string, relevant: number, weight = 1) => ({
  chunk,
  relevant,
  weight,
  examination: 1,
  at: 0,
});

test("hard negatives are what was called irrelevant, then what was ranked above, then the rest", () => {
  const pairs = embeddingPairs({
    id: "r",
    query: "q",
    actor: "a",
    at: 0,
    candidates: ["a", "b", "c", "d", "e"].map((chunk, index) => ({ chunk, score: -index })),
    grades: new Map([
      ["c", 1],
      ["unseen", 1],
    ]),
    // A bad vote on the whole answer refuses no chunk.
    signs: [sign("e", 0), sign("b", 0, 0.1), sign("c", 1)],
  });
  expect(pairs).toEqual([
    { query: "q", positive: "c", negatives: ["e", "a", "b", "d"], weight: 1, retrieval_id: "r" },
    { query: "q", positive: "unseen", negatives: ["e", "a", "b", "d"], weight: 1, retrieval_id: "r" },
  ]);
});
