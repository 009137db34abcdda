import { describe, expect, test } from "vitest";
import { createRandom, randomInteger } from "../random.ts";
import { createReranker } from "./create-reranker.ts";
import { gateRanking } from "./gate-ranking.ts";
import type { QueryEvidence } from "./query-evidence.ts";
import { IDENTITY_RETRIEVAL } from "./retrieval-artifact.ts";
import { trainRanking } from "./train-ranking.ts";

const TOPICS = 30;
const WORDS = [
  "alpha",
  "bravo",
  "castle",
  "delta",
  "ember",
  "falcon",
  "garden",
  "harbour",
  "island",
  "jungle",
];
const topicWords = (topic: number): string[] => [
  `${WORDS[topic % 10]}${topic}`,
  `${WORDS[(topic * 3 + 1) % 10]}${topic}`,
  `${WORDS[(topic * 7 + 2) % 10]}${topic}`,
];

/** Users ask in words that the store does not know: it scores the right chunk of a topic no better than nine others. */
function evidence(count: number, seed: string, topics = TOPICS, offset = 0): QueryEvidence[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const topic = offset + randomInteger(random, topics);
    const said = topicWords(topic);
    const left = randomInteger(random, 3);
    const words = said.filter((_word, place) => place !== left);
    const others = Array.from({ length: 9 }, () => offset + randomInteger(random, topics)).filter(
      (each) => each !== topic,
    );
    return {
      id: `${seed}-${index}`,
      query: `please tell me ${words.join(" ")}`,
      actor: `actor-${randomInteger(random, 40)}`,
      at: index,
      candidates: [...new Set([topic, ...others])].map((each) => ({
        chunk: `chunk-${each}`,
        score: random.next(),
      })),
      grades: new Map([[`chunk-${topic}`, 1]]),
    };
  });
}

describe("trainRanking", () => {
  const train = evidence(150, "train");
  const later = evidence(80, "later");
  const { artifact, trials } = trainRanking(train, { random: createRandom(1) });

  test("learns whose question it is, and the gate agrees on later queries", () => {
    expect(trials[0]).toMatchObject({ ranker: "linear" });
    expect(trials.map(({ ranker }) => ranker)).toContain("none");
    const result = gateRanking(artifact, null, later, { seed: "s" });
    expect(result.verdict).toBe("promote");
    expect(result.candidate.ndcg10).toBeGreaterThan(0.95);
    expect(result.baseline.ndcg10).toBeLessThan(0.7);
  });

  test("says of new topics what the store says", () => {
    const cold = evidence(60, "cold", 15, 1_000);
    const { slices } = gateRanking(artifact, null, cold, { seed: "s" });
    expect(slices.map(({ slice }) => slice)).toEqual(["cold"]);
    expect(Math.abs((slices[0]?.candidate ?? 0) - (slices[0]?.baseline ?? 1))).toBeLessThan(0.02);
  });

  test("where nobody asked anything like it, the store's order stands to the letter", () => {
    const reranker = createReranker({ ...artifact, speaks: "remembered" });
    const [known] = later as [QueryEvidence];
    const order = (query: string): string[] =>
      reranker.rerank(query, known.candidates).map(({ chunk }) => chunk);
    const own = known.candidates.toSorted((one, other) => other.score - one.score).map(({ chunk }) => chunk);
    expect(order("opening hours of the cafeteria")).toEqual(own);
    expect(order(known.query)).not.toEqual(own);
  });

  test("learns its ranker from the latest queries only when there are many, and its memory from all", () => {
    const few = trainRanking(train, { random: createRandom(1), rankerQueries: 60, memoryPairs: 100 });
    expect(few.artifact.memory).toHaveLength(100);
    expect(few.artifact.memory.at(-1)?.query).toBe(train.at(-1)?.query);
    expect(gateRanking(few.artifact, null, later, { seed: "s" }).verdict).toBe("promote");
  });

  test("keeps nobody's name, is plain data, and is the same for the same stream", () => {
    const text = JSON.stringify(artifact);
    expect(text).not.toContain("actor-");
    const loaded = createReranker(JSON.parse(text) as typeof artifact);
    const [query] = later as [QueryEvidence];
    expect(loaded.rerank(query.query, query.candidates)).toEqual(
      createReranker(artifact).rerank(query.query, query.candidates),
    );
    expect(trainRanking(train, { random: createRandom(1) }).artifact).toEqual(artifact);
  });

  test("leaves the order alone where evidence is about nothing", () => {
    const random = createRandom("noise");
    const noise = train.map((query) => ({
      ...query,
      query: `question ${randomInteger(random, 1e9)}`,
      candidates: query.candidates.map((each, index) => ({ ...each, score: -index })),
      grades: new Map([[query.candidates[0]?.chunk ?? "", 1]]),
    }));
    const { trials: tried } = trainRanking(noise, { random: createRandom(1) });
    expect(tried[0]).toMatchObject({ ranker: "none", ndcg10: 1 });
    expect(trainRanking([], { random: createRandom(1) }).artifact).toEqual(IDENTITY_RETRIEVAL);
  });

  test("an actor who floods the memory is bounded", () => {
    const flood = Array.from({ length: 500 }, (_, index): QueryEvidence => {
      const target = later[index % later.length] as QueryEvidence;
      return {
        ...target,
        id: `flood-${index}`,
        actor: "flood",
        at: 1_000 + index,
        grades: new Map([["chunk-0", 1]]),
      };
    });
    const poisoned = trainRanking([...train, ...flood], {
      random: createRandom(1),
      pairsPerActor: 20,
    }).artifact;
    expect(poisoned.memory.filter(({ chunk }) => chunk === "chunk-0").length).toBeLessThan(20 + 15);
  });
});

describe("createReranker", () => {
  test("gives back all candidates and no other, each in its place", () => {
    const reranker = createReranker(IDENTITY_RETRIEVAL);
    const found = reranker.rerank("x", [
      { chunk: "a", score: 1 },
      { chunk: "b", score: 3 },
      { chunk: "c", score: Number.NaN },
    ]);
    expect(found.map(({ chunk, rank, rankBefore }) => [chunk, rank, rankBefore])).toEqual([
      ["b", 1, 1],
      ["a", 2, 2],
      ["c", 3, 3],
    ]);
    expect(reranker.rerank("x", [])).toEqual([]);
    expect(reranker.recall("x", 5)).toEqual([]);
  });

  test("refuses an artifact of another format", () => {
    expect(() => createReranker({ ...IDENTITY_RETRIEVAL, format: 3 as 2 })).toThrow(
      /format 3; this version reads format 2/,
    );
  });
});
