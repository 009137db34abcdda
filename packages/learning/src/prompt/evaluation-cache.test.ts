import { expect, test } from "vitest";
import { type CachedEvaluation, type EvaluatedRow, EvaluationCache } from "./evaluation-cache.ts";

const evaluated = (rowId: string, score = 1): EvaluatedRow => ({
  rowId,
  output: "x",
  score,
  feedback: "",
  objectives: {},
  usage: { promptTokens: 5, completionTokens: 1 },
});

test("entries are found by candidate and row", () => {
  const cache = new EvaluationCache();
  cache.put("a", evaluated("1"), { durable: true });
  expect(cache.claim("a", "1")).toEqual({ evaluated: evaluated("1"), charge: false });
  expect(cache.claim("a", "2")).toBeUndefined();
  expect(cache.claim("b", "1")).toBeUndefined();
  expect([cache.has("a", "1"), cache.has("b", "1"), cache.size]).toEqual([true, false, 1]);
});

test("after a restart an entry is charged once", () => {
  const cache = new EvaluationCache();
  cache.put("a", evaluated("1"), { durable: true });
  const restored = EvaluationCache.restore(JSON.parse(JSON.stringify(cache)) as CachedEvaluation[]);
  expect(restored.isUncounted("a", "1")).toBe(true);
  expect(restored.claim("a", "1")?.charge).toBe(true);
  expect(restored.claim("a", "1")?.charge).toBe(false);
  expect(restored.isUncounted("a", "1")).toBe(false);
  expect(restored.toJSON()).toEqual(cache.toJSON());
});

test("what is cheap to compute again stays out of the JSON form", () => {
  const cache = new EvaluationCache();
  cache.put("a", evaluated("1"), { durable: false });
  cache.put("a", evaluated("2"), { durable: true });
  expect(cache.toJSON().map((entry) => entry.evaluated.rowId)).toEqual(["2"]);
});
