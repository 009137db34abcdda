import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { moveDistance, type OrderChange, sampleSpotChecks } from "./sample-spot-checks.ts";

const CHUNKS = Array.from({ length: 12 }, (_, index) => `c${index}`);

function change(id: string, after: readonly string[], more: Partial<OrderChange> = {}): OrderChange {
  const candidates = CHUNKS.map((chunk, index) => ({ chunk, score: CHUNKS.length - index }));
  const query = { id, query: id, actor: "a", at: 0, candidates, grades: new Map([["c0", 1]]) };
  return { query, before: CHUNKS, after, isCold: false, ...more };
}

const unchanged = (id: string): OrderChange => change(id, CHUNKS);
const toFront = (chunk: string): string[] => [chunk, ...CHUNKS.filter((other) => other !== chunk)];
const NOTHING = { memory: [], relevance: {} };
const sample = (changes: readonly OrderChange[], artifact = NOTHING, seed = 1, size = 50) =>
  sampleSpotChecks(changes, artifact as typeof NOTHING, { random: createRandom(seed), size });

describe("sampleSpotChecks", () => {
  it("takes a fifth at random, whether anything moved or not, and the rest where something did", () => {
    const changes = [
      ...Array.from({ length: 400 }, (_, index) => unchanged(`still ${index}`)),
      ...Array.from({ length: 100 }, (_, index) => change(`moved ${index}`, toFront(`c${3 + (index % 9)}`))),
    ];
    const checks = sample(changes);
    expect(checks).toHaveLength(50);
    const uniform = checks.filter(({ kind }) => kind === "uniform");
    expect(uniform).toHaveLength(10);
    expect(uniform.some(({ changed }) => !changed)).toBe(true);
    expect(checks.filter(({ kind }) => kind !== "uniform").every(({ changed }) => changed)).toBe(true);
    expect(sample(changes)).toEqual(checks);
    expect(sample(changes, NOTHING, 2)).not.toEqual(checks);
  });

  it("draws each query equally often", () => {
    const changes = Array.from({ length: 50 }, (_, index) => unchanged(String(index)));
    const times = new Map<string, number>();
    for (let seed = 0; seed < 2_000; seed += 1)
      for (const { query } of sample(changes, NOTHING, seed)) times.set(query, (times.get(query) ?? 0) + 1);
    // 2,000 samples of 10 among 50: 400 each, standard deviation 18.
    expect(times.size).toBe(50);
    for (const count of times.values()) expect(Math.abs(count - 400)).toBeLessThan(90);
  });

  it("finds what fell on new topics, what contradicts the store, and what few people decide", () => {
    const artifact = {
      memory: [
        ...Array.from({ length: 30 }, (_, index) => ({ query: `q${index}`, chunk: "c7", actor: "loud" })),
        ...Array.from({ length: 5 }, (_, index) => ({ query: `r${index}`, chunk: "c8", actor: `p${index}` })),
      ],
      relevance: { c9: 1.5, c1: -1.2 },
    };
    const changes = [
      ...Array.from({ length: 30 }, (_, index) => unchanged(`still ${index}`)),
      change("cold", toFront("c4"), { isCold: true }),
      change("warm", toFront("c4")),
      change("contradicts", toFront("c9")),
      change("refused", ["c0", "c2", "c3", "c1", ...CHUNKS.slice(4)]),
      change("loud", toFront("c7")),
      change("many", toFront("c8")),
    ];
    const kinds = new Map(
      sample(changes, artifact as unknown as typeof NOTHING)
        .filter(({ kind }) => kind !== "uniform")
        .map(({ query, kind }) => [query, kind]),
    );
    expect(kinds.get("cold")).toBe("cold_loser");
    expect(kinds.get("contradicts")).toBe("conflict");
    expect(kinds.get("refused")).toBe("conflict");
    expect(kinds.get("loud")).toBe("influential_actor");
    expect(new Set(kinds.keys())).toEqual(new Set(changes.slice(30).map(({ query }) => query.id)));
  });

  it("asks nothing of what did not change where people would see it, and copes with nothing", () => {
    expect(sample([])).toEqual([]);
    const below = [...CHUNKS.slice(0, 5), "c6", "c5", ...CHUNKS.slice(7)];
    expect(sample([change("below", below)])).toEqual([{ kind: "uniform", query: "below", changed: false }]);
    expect(moveDistance(change("below", below))).toBe(2);
    expect(moveDistance(unchanged("still"))).toBe(0);
  });
});
