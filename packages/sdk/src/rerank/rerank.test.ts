import {
  createRandom,
  IDENTITY_RETRIEVAL,
  type RetrievalArtifact,
  trainRanking,
} from "@agent-learning/learning";
import { describe, expect, it, vi } from "vitest";
import type { LearningError } from "../errors.ts";
import type { Learning } from "../learning/learning.ts";
import type { ServingConfiguration } from "../serving/types.ts";
import { createLocalReranker, type LocalRerankerOptions, type RankingStore } from "./index.ts";

const ARTIFACT = "01935f00-0000-7000-8000-000000000001";
const words = ["alpha", "bravo", "castle", "delta", "ember", "falcon", "garden", "harbour"];
const question = (topic: number, turn: number): string =>
  `about ${words[topic]} ${words[(topic + 3) % 8]}${topic} number${turn % 5}`;

/** For each topic its chunk is right, wherever the store has it. */
const artifact: RetrievalArtifact = trainRanking(
  Array.from({ length: 120 }, (_, index) => ({
    id: String(index),
    query: question(index % 8, index),
    actor: `a${index % 20}`,
    at: index,
    candidates: words.map((_word, place) => ({
      chunk: `chunk-${place}`,
      score: ((place * 5 + index) % 8) / 8,
    })),
    grades: new Map([[`chunk-${index % 8}`, 1]]),
  })),
  { random: createRandom(1) },
).artifact;
const candidates = words.map((_word, place) => ({ chunkId: `chunk-${place}`, score: 8 - place }));

function setUp(
  respond: (url: string) => { status: number; text: string } | Error,
  ranking: unknown = { artifact_id: ARTIFACT, format: 2 },
  store?: RankingStore,
) {
  const version = { id: "v1", number: 1, contentHash: "h", config: { retrieval: { ranking } } };
  const configuration = {
    defaultVersionId: "v1",
    versions: new Map([["v1", version]]),
  } as unknown as ServingConfiguration;
  const listeners = new Set<(configuration: ServingConfiguration) => void>();
  const learning = {
    configuration: () => configuration,
    onConfiguration: (listener: (configuration: ServingConfiguration) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    resolve: () => ({ versionId: "v1", version, split: null, reason: "default" }),
    ready: async () => true,
  } as unknown as Learning;
  const asked: string[] = [];
  const fetch: LocalRerankerOptions["fetch"] = async (url, { headers }) => {
    asked.push(`${url} ${headers["authorization"]}`);
    const answer = respond(url);
    if (answer instanceof Error) throw answer;
    return { status: answer.status, headers: { get: () => null }, text: async () => answer.text };
  };
  const errors: LearningError[] = [];
  const reranker = createLocalReranker({
    learning,
    baseUrl: "http://server/",
    key: async () => "als_sk_x",
    fetch,
    store,
    onError: (error) => errors.push(error),
  });
  return { reranker, asked, errors, listeners };
}

describe("createLocalReranker", () => {
  it("ranks by the artifact of the version in service, fetched once", async () => {
    const { reranker, asked } = setUp(() => ({ status: 200, text: JSON.stringify(artifact) }));
    expect(reranker.rerank(question(5, 1), candidates).rankerVersion).toBe("store");
    expect(await reranker.ready()).toBe(true);
    for (const topic of [1, 5, 7]) {
      const { chunks, rankerVersion, versionId } = reranker.rerank(question(topic, 2), candidates, {
        unit: "u",
      });
      expect([chunks[0]?.chunkId, rankerVersion, versionId]).toEqual([`chunk-${topic}`, ARTIFACT, "v1"]);
      expect(chunks.map(({ chunkId }) => chunkId).toSorted()).toEqual(
        candidates.map((one) => one.chunkId).toSorted(),
      );
      // The store's score goes with the chunk: it is what the next ranking learns from.
      expect(chunks[0]).toMatchObject({ score: 8 - topic, rankBefore: topic + 1, rank: 1 });
    }
    const few = reranker.rerank(question(6, 1), candidates.slice(0, 3), { recall: 2 });
    expect(few.recalled[0]).toBe("chunk-6");
    expect(few.recalled.length).toBeLessThanOrEqual(2);
    expect(asked).toEqual([`http://server/api/learning/retrieval-artifacts/${ARTIFACT} Bearer als_sk_x`]);
  });

  it.each([
    ["the server is away", () => new Error("refused")],
    ["the artifact is unknown", () => ({ status: 404, text: "{}" })],
    ["the answer is no artifact", () => ({ status: 200, text: "no JSON" })],
    [
      "the artifact has another format",
      () => ({ status: 200, text: JSON.stringify({ ...artifact, format: 99 }) }),
    ],
  ])(
    "keeps the store's order and says so where %s, and does not ask at every call",
    async (_why, respond) => {
      const { reranker, asked, errors } = setUp(respond);
      expect(await reranker.ready()).toBe(false);
      for (let call = 0; call < 20; call += 1) {
        const { chunks, rankerVersion } = reranker.rerank(question(5, 1), candidates);
        expect([chunks.map(({ chunkId }) => chunkId), rankerVersion]).toEqual([
          candidates.map(({ chunkId }) => chunkId),
          "store",
        ]);
      }
      expect([asked.length, errors.length]).toEqual([1, 1]);
      expect(errors[0]?.message).toMatch(/^The store's order stands/);
    },
  );

  const memory = (): RankingStore & { kept: Map<string, string> } => {
    const kept = new Map<string, string>();
    return {
      kept,
      read: async (id) => kept.get(id),
      write: async (id, text) => void kept.set(id, text),
      forget: async (id) => void kept.delete(id),
    };
  };
  const first = ({ reranker }: ReturnType<typeof setUp>) => {
    const { chunks, rankerVersion } = reranker.rerank(question(5, 1), candidates);
    return [chunks[0]?.chunkId, rankerVersion];
  };

  it("goes on after a restart with the server away by what was kept, and takes the server's own as soon as it is there", async () => {
    const store = memory();
    const before = setUp(() => ({ status: 200, text: JSON.stringify(artifact) }), undefined, store);
    expect(await before.reranker.ready()).toBe(true);
    before.reranker.close();
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      let isAway = true;
      // Somebody was erased meanwhile: what the server gives is not what was kept.
      const fresh = { ...artifact, memory: artifact.memory.slice(1) };
      const after = setUp(
        () => (isAway ? new Error("refused") : { status: 200, text: JSON.stringify(fresh) }),
        undefined,
        store,
      );
      expect(await after.reranker.ready()).toBe(true);
      expect(first(after)).toEqual(["chunk-5", ARTIFACT]);
      expect(after.errors.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^The kept ranking goes on/),
      ]);
      isAway = false;
      vi.setSystemTime(Date.now() + 31_000);
      first(after);
      await vi.waitFor(() =>
        expect(JSON.parse(store.kept.get(ARTIFACT) ?? "{}")).toEqual(JSON.parse(JSON.stringify(fresh))),
      );
      expect(first(after)).toEqual(["chunk-5", ARTIFACT]);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([401, 403, 404])("forgets what was kept where the server answers %i", async (status) => {
    const store = memory();
    store.kept.set(ARTIFACT, JSON.stringify(artifact));
    const refused = setUp(() => ({ status, text: "{}" }), undefined, store);
    expect(await refused.reranker.ready()).toBe(false);
    expect(first(refused)).toEqual(["chunk-0", "store"]);
    expect(store.kept.size).toBe(0);
  });

  it("says once that a store does not work, or holds nothing of use, and goes on", async () => {
    const broken: RankingStore = {
      read: () => Promise.reject(new Error("no disk")),
      write: () => Promise.reject(new Error("no disk")),
      forget: async () => undefined,
    };
    const here = setUp(() => ({ status: 200, text: JSON.stringify(artifact) }), undefined, broken);
    expect(await here.reranker.ready()).toBe(true);
    expect(first(here)).toEqual(["chunk-5", ARTIFACT]);
    expect(here.errors.map(({ kind }) => kind)).toEqual(["storage"]);
    const store = memory();
    store.kept.set(ARTIFACT, "half of it");
    const away = setUp(() => new Error("refused"), undefined, store);
    expect(await away.reranker.ready()).toBe(false);
    expect(away.errors.map(({ kind }) => kind)).toEqual(["storage", "unavailable"]);
  });

  it("asks again after half a minute", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      let isAway = true;
      const { reranker } = setUp(() =>
        isAway ? new Error("refused") : { status: 200, text: JSON.stringify(artifact) },
      );
      expect(await reranker.ready()).toBe(false);
      isAway = false;
      vi.setSystemTime(Date.now() + 31_000);
      expect(await reranker.ready()).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it("asks for nothing where a version has learned no ranking, or names it in no way that can be read", async () => {
    for (const ranking of [{}, null, 7, [], { artifact_id: 3 }]) {
      const { reranker, asked } = setUp(() => new Error("not to be asked"), ranking);
      expect(await reranker.ready()).toBe(true);
      expect(reranker.rerank("q", candidates)).toMatchObject({ rankerVersion: "store", recalled: [] });
      expect(asked).toEqual([]);
    }
  });

  it("never throws: scores that are none, no candidates, a callback that breaks, after close", async () => {
    const { reranker, listeners } = setUp(() => ({ status: 200, text: JSON.stringify(IDENTITY_RETRIEVAL) }));
    await reranker.ready();
    const odd = [
      { chunkId: "a", score: Number.NaN },
      { chunkId: "b", score: Infinity },
      { chunkId: "c", score: 1 },
    ];
    expect(reranker.rerank("", odd).chunks).toHaveLength(3);
    expect(reranker.rerank("q", []).chunks).toEqual([]);
    expect(reranker.rerank(undefined as unknown as string, candidates).chunks).toHaveLength(8);
    reranker.close();
    expect(listeners.size).toBe(0);
    expect(reranker.rerank("q", candidates).chunks).toHaveLength(8);
    expect(() => createLocalReranker({ baseUrl: "" } as unknown as LocalRerankerOptions)).toThrow(TypeError);
  });
});
