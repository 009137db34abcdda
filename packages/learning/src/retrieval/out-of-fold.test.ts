import { expect, test } from "vitest";
import { analyse } from "./analyse.ts";
import { FOLDS, outOfFold } from "./out-of-fold.ts";
import type { QueryEvidence } from "./query-evidence.ts";
import { RANKING_FEATURES } from "./ranking-features.ts";
import { runSteps } from "./run-steps.ts";

const MEMORY = RANKING_FEATURES.indexOf("memory");
const NEAREST = RANKING_FEATURES.indexOf("nearest_query");
const KNOWN = RANKING_FEATURES.indexOf("known");
const chunks = ["tides", "ferries"];
/** Ten people ask about each of two topics; one of them marks the other's chunk as well. */
const evidence = ["when do the tides turn today", "when do the ferries leave today"].flatMap((query, topic) =>
  Array.from({ length: 10 }, (_, person): QueryEvidence => ({
    id: `${topic} ${person}`,
    query,
    actor: `${topic} ${person}`,
    at: person,
    candidates: chunks.map((chunk, place) => ({ chunk, score: 2 - place })),
    grades: new Map((person === 0 ? chunks : [chunks[topic] as string]).map((chunk) => [chunk, 1])),
  })),
);
const pairs = evidence.flatMap(({ id, query, actor, grades }) =>
  [...grades.keys()].map((chunk) => ({ query, chunk, actor, evidence: id })),
);
const fold = new Map(evidence.map(({ id }, index) => [id, index % FOLDS]));
const [folds] = runSteps(outOfFold(evidence, evidence, fold, { pairs, thresholds: [0.1], termsOf: analyse }));

test("as it is, a query knows what others like it led to", () => {
  const [tides] = folds?.warm[3]?.features ?? [];
  expect(tides?.[MEMORY]).toBeGreaterThan(0.5);
  expect(tides?.[NEAREST]).toBeCloseTo(1, 6);
  expect(tides?.[KNOWN]).toBe(1);
});

test("as if new, it knows nothing of its own chunk, nor of what a like query led to by mistake", () => {
  const rows = folds?.cold[3]?.features ?? [];
  expect(rows.map((row) => [row[MEMORY], row[NEAREST], row[KNOWN]])).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test("as if new, it still knows the other topics", () => {
  const clean = evidence.filter(({ grades }) => grades.size === 1);
  const kept = pairs.filter(({ evidence: id }) => clean.some((query) => query.id === id));
  const [own] = runSteps(outOfFold(clean, clean, fold, { pairs: kept, thresholds: [0.1], termsOf: analyse }));
  const [tides, ferries] = own?.cold[0]?.features ?? [];
  expect([tides?.[MEMORY], tides?.[KNOWN]]).toEqual([0, 0]);
  expect(ferries?.[MEMORY]).toBeGreaterThan(0.1);
  expect(ferries?.[KNOWN]).toBe(1);
});
