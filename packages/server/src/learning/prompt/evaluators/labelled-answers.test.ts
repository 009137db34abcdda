import { describe, expect, it } from "vitest";
import type { AnnotatedExample } from "../store.ts";
import { labelledAnswers } from "./labelled-answers.ts";

function example(more: Partial<AnnotatedExample>): AnnotatedExample {
  return {
    example_type: "positive",
    input_text: "question",
    original_output: null,
    expected_output: "right",
    decision: "approve",
    technical_accuracy: null,
    professional_quality: null,
    completeness: null,
    clarity: null,
    ...more,
  };
}

describe("labelledAnswers", () => {
  it("takes an approved output as passed, and what it corrected as refused", () => {
    const correction = example({ example_type: "correction", original_output: "wrong" });
    expect(labelledAnswers([correction], "decision")).toEqual([
      { input: "question", output: "right", pass: true },
      { input: "question", output: "wrong", pass: false },
    ]);
  });

  it("takes a negative's output as refused once experts agree, and a rejected positive's too", () => {
    const negative = { example_type: "negative", original_output: "wrong", expected_output: "" };
    expect(labelledAnswers([example(negative)], "decision")).toEqual([
      { input: "question", output: "wrong", pass: false },
    ]);
    expect(labelledAnswers([example({ ...negative, decision: "reject" })], "decision")).toEqual([]);
    expect(labelledAnswers([example({ decision: "reject" })], "decision")).toMatchObject([{ pass: false }]);
  });

  it("reads a dimension from 0.7 as passed, and nothing where experts gave none", () => {
    const all = [example({ clarity: 0.7 }), example({ clarity: 0.69 }), example({})];
    expect(labelledAnswers(all, "clarity").map(({ pass }) => pass)).toEqual([true, false]);
    expect(labelledAnswers(all, "completeness")).toEqual([]);
  });

  it("is forty of each kind at most, the first ones", () => {
    const all = Array.from({ length: 100 }, (_, index) => example({ expected_output: `${index}` }));
    const labelled = labelledAnswers(all, "decision");
    expect(labelled).toHaveLength(40);
    expect(labelled[0]?.output).toBe("0");
  });
});
