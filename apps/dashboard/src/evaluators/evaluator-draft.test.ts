import { describe, expect, it } from "vitest";
import type { PromptEvaluator } from "../api/types.ts";
import { draftOf, EVALUATOR_WORDS, evaluatorOf } from "./evaluator-draft.ts";

const ALL: PromptEvaluator[] = [
  { kind: "exact" },
  { kind: "normalised" },
  { kind: "contains" },
  { kind: "numeric", absolute: 0.5, relative: 0 },
  { kind: "numeric" },
  { kind: "regex", pattern: "^(?<answer>\\w+), \\d$", flags: "iu" },
  { kind: "json_fields", fields: ["total", "a.b"], weights: { total: 2.5 } },
  { kind: "json_fields" },
  {
    kind: "json_schema",
    schema: { type: "object", properties: { a: { enum: ["x", null] } } },
    fields: ["a"],
  },
  { kind: "embedding_similarity", threshold: 0.8 },
  { kind: "judge", rubric: "It is kind,\nand short.", calibrate_on: "clarity" },
  { kind: "webhook", url: "https://example.com/score?a=1", objectives: ["tone", "length"] },
  { kind: "preferences", rubric: "Shorter is better." },
];

describe("an evaluator in a form", () => {
  it.each(ALL.map((evaluator) => [evaluator]))("%j comes back as it was", (evaluator) => {
    expect(evaluatorOf(draftOf(evaluator))).toEqual(evaluator);
  });

  it("has words for every kind that the API knows", () => {
    expect(new Set(ALL.map(({ kind }) => kind))).toEqual(new Set(Object.keys(EVALUATOR_WORDS)));
  });

  it("shows a weight of a field that is not named, and keeps an equals sign of a name", () => {
    const draft = draftOf({ kind: "json_fields", weights: { total: 2 } });
    expect(draft.fields).toBe("total = 2");
    expect(evaluatorOf({ ...draft, fields: "a = b\n c=3 \n\n" })).toEqual({
      kind: "json_fields",
      fields: ["a = b", "c"],
      weights: { c: 3 },
    });
  });

  it.each(["", "{", "[]", "3", "null"])("refuses %j as a schema", (schema) => {
    expect(() => evaluatorOf({ ...draftOf({ kind: "exact" }), kind: "json_schema", schema })).toThrow(
      SyntaxError,
    );
  });
});
