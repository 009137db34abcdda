import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { createReranker } from "./create-reranker.ts";
import { createOrderExplainer } from "./explain-order.ts";
import type { QueryEvidence } from "./query-evidence.ts";
import { IDENTITY_RETRIEVAL } from "./retrieval-artifact.ts";
import { trainRanking } from "./train-ranking.ts";

const TOPICS = 12;
const wordsOf = (topic: number): string => `alpha${topic} bravo${topic} castle${topic}`;

function evidence(count: number): QueryEvidence[] {
  const random = createRandom("explained");
  return Array.from({ length: count }, (_, index) => {
    const topic = index % TOPICS;
    const candidates = Array.from({ length: TOPICS }, (_each, other) => ({
      chunk: `chunk ${other}`,
      score: random.next(),
    }));
    return {
      id: String(index),
      query: wordsOf(topic),
      actor: `person ${index % 20}`,
      at: index,
      candidates,
      grades: new Map([[`chunk ${topic}`, 1]]),
    };
  });
}

describe("createOrderExplainer", () => {
  it("says that like queries brought a chunk up, and how like they are", () => {
    const { artifact } = trainRanking(evidence(240), { random: createRandom(1), treesFrom: Infinity });
    const candidates = Array.from({ length: TOPICS }, (_, other) => ({
      chunk: `chunk ${other}`,
      score: 1 - other / TOPICS,
    }));
    const [first] = createReranker(artifact).rerank(wordsOf(9), candidates);
    expect(first?.chunk).toBe("chunk 9");
    const reasons = createOrderExplainer(artifact)(wordsOf(9), candidates);
    const own = reasons.find(({ chunk }) => chunk === "chunk 9");
    expect(own?.memory).toBeGreaterThan(0.5);
    expect(own?.nearest).toBeCloseTo(1, 6);
    expect(own?.effects.memory).toBeGreaterThan(0);
    expect(own?.effects.memory).toBeGreaterThan(own?.effects.store ?? Infinity);
    const other = reasons.find(({ chunk }) => chunk === "chunk 3");
    expect(other?.memory).toBe(0);
    expect(other?.effects.memory).toBeLessThan(0);
  });

  it("adds up for a weighted sum: the factors and what the query has in common are the whole score", () => {
    const { artifact } = trainRanking(evidence(240), { random: createRandom(1), treesFrom: Infinity });
    const candidates = [
      { chunk: "chunk 1", score: 3 },
      { chunk: "chunk 2", score: 1 },
      { chunk: "chunk 5", score: 2 },
    ];
    const ranked = createReranker(artifact).rerank(wordsOf(1), candidates);
    const scores = new Map(ranked.map(({ chunk, score }) => [chunk, score]));
    const rest = createOrderExplainer(artifact)(wordsOf(1), candidates).map(
      ({ chunk, effects }) => (scores.get(chunk) ?? 0) - effects.store - effects.memory - effects.relevance,
    );
    for (const value of rest) expect(value).toBeCloseTo(rest[0] ?? 0, 9);
  });

  it("has nothing to say where the store's order stands", () => {
    const candidates = [{ chunk: "a", score: 1 }];
    expect(createOrderExplainer(IDENTITY_RETRIEVAL)("query", candidates)).toEqual([]);
    const { artifact } = trainRanking(evidence(240), { random: createRandom(1), treesFrom: Infinity });
    expect(createOrderExplainer({ ...artifact, speaks: "remembered" })("unheard words", candidates)).toEqual(
      [],
    );
  });
});
