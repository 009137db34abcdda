import { describe, expect, test } from "vitest";
import { evidenceOfRelevance } from "./evidence-of-relevance.ts";
import { type Impression, type ImpressionChunk, judgeImpression, type Opinion } from "./judge-impression.ts";

const chunk = (name: string, rank: number, change: Partial<ImpressionChunk> = {}): ImpressionChunk => ({
  chunk: name,
  rank,
  score: 10 - rank,
  match: null,
  examination: null,
  citations: 0,
  ...change,
});
const opinion = (change: Partial<Opinion>): Opinion => ({
  actor: "ann",
  at: 5,
  satisfaction: null,
  marks: [],
  followed: false,
  ...change,
});
const impression = (opinions: Opinion[], change: Partial<Impression> = {}): Impression => ({
  id: "r1",
  query: "where is the form",
  at: 1,
  chunks: [chunk("a", 1), chunk("b", 2), chunk("c", 3)],
  opinions,
  ...change,
});

describe("judgeImpression", () => {
  test("marks grade chunks, also one that was not shown, and speak of them one by one", () => {
    const marks = [
      { chunk: "b", relevant: true },
      { chunk: "a", relevant: false },
      { chunk: "elsewhere", relevant: true },
    ];
    const judged = judgeImpression(impression([opinion({ marks })]));
    expect([...judged.grades.keys()]).toEqual(["b", "elsewhere"]);
    expect(judged).toMatchObject({ actor: "ann", weight: 1, at: 1 });
    const moved = evidenceOfRelevance([judged]);
    expect(moved.get("a")).toBeLessThan(0);
    expect(moved.get("b")).toBeGreaterThan(0);
  });

  test("people who contradict each other grade nothing, and the more of them decide", () => {
    const yes = (actor: string) => opinion({ actor, marks: [{ chunk: "a", relevant: true }] });
    const no = (actor: string) => opinion({ actor, marks: [{ chunk: "a", relevant: false }] });
    expect(judgeImpression(impression([yes("ann"), no("bob")])).grades.size).toBe(0);
    expect(judgeImpression(impression([yes("ann"), no("bob"), yes("eve")])).grades.size).toBe(1);
  });

  test("a good vote grades what the answer cites, weakly; marks outrank it", () => {
    const cited = [chunk("a", 1), chunk("b", 2, { citations: 2 })];
    const good = opinion({ satisfaction: 1 });
    const judged = judgeImpression(impression([good], { chunks: cited }));
    expect([[...judged.grades.keys()], judged.weight]).toEqual([["b"], 0.2]);
    const marked = opinion({ actor: "bob", marks: [{ chunk: "a", relevant: true }] });
    const both = judgeImpression(impression([good, marked], { chunks: cited }));
    expect([[...both.grades.keys()], both.weight, both.actor]).toEqual([["a"], 1, "bob"]);
  });

  test("a vote on an answer without citations says something of its chunks and grades none", () => {
    const judged = judgeImpression(impression([opinion({ satisfaction: 0 })]));
    expect(judged.grades.size).toBe(0);
    const moved = evidenceOfRelevance([judged]);
    // What is higher up was looked at more surely.
    expect(moved.get("a")).toBeLessThan(moved.get("c") ?? 0);
    expect(moved.get("c")).toBeLessThan(0);
    expect(judgeImpression(impression([opinion({ satisfaction: 0.5 })])).signs).toEqual([]);
  });

  test("a citation that was followed counts half, and a score that is missing is its rank", () => {
    const followed = opinion({ marks: [{ chunk: "c", relevant: true }], followed: true });
    const judged = judgeImpression(impression([followed], { chunks: [chunk("c", 4, { score: null })] }));
    expect(judged.weight).toBe(0.5);
    expect(judged.candidates).toEqual([{ chunk: "c", score: 0.25 }]);
  });
});
