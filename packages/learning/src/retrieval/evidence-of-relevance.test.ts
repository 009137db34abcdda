import { describe, expect, test } from "vitest";
import { evidenceOfRelevance } from "./evidence-of-relevance.ts";
import type { QueryEvidence } from "./query-evidence.ts";

const DAY = 86_400_000;
const query = (id: string, change: Partial<QueryEvidence> = {}): QueryEvidence => ({
  id,
  query: id,
  actor: id,
  at: 0,
  candidates: [],
  grades: new Map([["good", 1]]),
  ...change,
});
const sign = (relevant: number, change: object = {}) => ({
  chunk: "c",
  relevant,
  weight: 1,
  examination: 1,
  at: 0,
  ...change,
});

describe("evidenceOfRelevance", () => {
  test("without signs graded chunks are relevant: log-odds of n observations over a prior of four", () => {
    const moved = evidenceOfRelevance([query("a"), query("b"), query("c")]);
    expect(moved.get("good")).toBeCloseTo(Math.log1p(3 / 2), 12);
    expect(evidenceOfRelevance([]).size).toBe(0);
  });

  test("signs speak for and against", () => {
    const moved = evidenceOfRelevance([
      query("a", { signs: [sign(0)] }),
      query("b", { signs: [sign(0), sign(1, { chunk: "d", weight: 0.2 })] }),
    ]);
    expect(moved.get("c")).toBeLessThan(-0.5);
    expect(moved.get("d")).toBeCloseTo(Math.log(2.2 / 2), 12);
    expect(moved.has("good")).toBe(false);
  });

  test("one actor counts once, by the surest word, and nobody moves a chunk without bound", () => {
    const many = Array.from({ length: 50 }, (_, index) =>
      query(`q${index}`, { actor: "one", signs: [sign(1, { at: index })] }),
    );
    const once = evidenceOfRelevance([query("x", { signs: [sign(1)] })]).get("c") ?? 0;
    expect(evidenceOfRelevance(many).get("c")).toBeCloseTo(once, 12);
    const unsure = query("y", { actor: "one", signs: [sign(0, { weight: 0.1, at: 100 })] });
    expect(evidenceOfRelevance([...many, unsure]).get("c")).toBeGreaterThan(0.3);
    const crowd = many.map((each, index) => ({ ...each, actor: `actor ${index}` }));
    expect(evidenceOfRelevance(crowd).get("c")).toBeCloseTo(Math.log(5), 12);
  });

  test("fades by half in a month, whenever it was said first", () => {
    const old = query("a", { signs: [sign(1)] });
    const later = query("b", { signs: [sign(1, { chunk: "other", at: 30 * DAY })] });
    expect(evidenceOfRelevance([old, later]).get("c")).toBeCloseTo(Math.log(2.5 / 2), 12);
    expect(evidenceOfRelevance([later, old]).get("c")).toBeCloseTo(Math.log(2.5 / 2), 12);
  });
});
