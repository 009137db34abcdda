import type { QueryEvidence } from "@agent-learning/learning";
import { expect, test } from "vitest";
import { carryEvidence } from "./carry-evidence.ts";

const evidence: QueryEvidence = {
  id: "q",
  query: "how late",
  actor: "ada",
  at: 1,
  candidates: [
    { chunk: "long", score: 3 },
    { chunk: "short-1", score: 2 },
    { chunk: "short-2", score: 2.5 },
    { chunk: "same", score: 1 },
  ],
  grades: new Map([
    ["long", 1],
    ["short-1", 1],
  ]),
  signs: [
    { chunk: "long", relevant: 1, weight: 1, examination: 1, at: 1 },
    { chunk: "short-2", relevant: 0, weight: 0.5, examination: 1, at: 1 },
  ],
};

const whole = { share: 1, inside: 0.4 };

test("signs are shared out by how much of the text each chunk holds; relevant is what stands for a relevant chunk", () => {
  const carried = carryEvidence(
    evidence,
    new Map([
      [
        "long",
        [
          { chunk: "a", share: 0.6, inside: 0.9 },
          { chunk: "b", share: 0.4, inside: 0.2 },
        ],
      ],
      ["short-1", [{ chunk: "c", ...whole }]],
      ["short-2", [{ chunk: "c", ...whole }]],
    ]),
  );
  expect(carried.candidates).toEqual([
    { chunk: "a", score: 3 },
    { chunk: "c", score: 2.5 },
    { chunk: "same", score: 1 },
  ]);
  expect([...carried.grades]).toEqual([
    ["a", 1],
    ["c", 1],
  ]);
  expect(carried.weight).toBe(1);
  expect(carried.signs?.map(({ chunk, weight }) => [chunk, weight])).toEqual([
    ["a", 0.6],
    ["b", 0.4],
    ["c", 0.5],
  ]);
});

test("the pieces of a relevant chunk are as relevant, and the query counts the less", () => {
  const piece = (chunk: string) => ({ chunk, share: 0.25, inside: 1 });
  const carried = carryEvidence(
    { ...evidence, grades: new Map([["long", 1]]), weight: 0.5 },
    new Map([["long", [piece("a"), piece("b"), piece("c"), { chunk: "d", share: 0.2, inside: 0.1 }]]]),
  );
  expect([...carried.grades.keys()]).toEqual(["a", "b", "c"]);
  expect(carried.weight).toBe(0.125);
  expect(carried.signs).toHaveLength(5);
});

test("what is about chunks of today is left as it is", () => {
  expect(carryEvidence(evidence, new Map([["other", []]]))).toBe(evidence);
});
