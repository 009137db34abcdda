import { describe, expect, test } from "vitest";
import type { Candidate } from "../candidate.ts";
import { lostLiterals } from "./lost-literals.ts";

const withPrompt = (system_prompt: string, more: Partial<Candidate> = {}): Candidate => ({
  runtime: "model",
  components: { system_prompt },
  demonstrations: [],
  parameters: {},
  ...more,
});

describe("lostLiterals", () => {
  test.each([
    ["{{name}}", "Greet {{name}}."],
    ["{user_id}", "The user is {user_id}."],
    ["<answer>", "Answer in <answer>."],
    ["`JSON`", "Answer in `JSON`."],
    ["https://example.org/help", "See https://example.org/help for more"],
  ])("notices that %s is gone", (literal, text) => {
    expect(lostLiterals(withPrompt(text), withPrompt(`Something else with ${literal}`))).toEqual([]);
    expect(lostLiterals(withPrompt(text), withPrompt("Something else"))).toEqual([
      `The component system_prompt lost ${JSON.stringify(literal)}.`,
    ]);
  });

  test("plain words may change", () => {
    expect(lostLiterals(withPrompt("Be brief. 3 < 4"), withPrompt("Be thorough."))).toEqual([]);
  });

  test("listed literals must stay where the seed has them", () => {
    const seed = withPrompt("Never give legal advice.");
    expect(lostLiterals(seed, withPrompt("Be nice."), ["legal advice", "unrelated"])).toHaveLength(1);
  });

  test("a component that is gone is noticed, a new one is fine", () => {
    const seed = withPrompt("a");
    expect(lostLiterals(seed, withPrompt("a", { components: {} }))).toEqual([
      "The component system_prompt is missing.",
    ]);
    expect(lostLiterals(seed, withPrompt("a", { components: { system_prompt: "b", style: "c" } }))).toEqual(
      [],
    );
  });

  test("the output schema is compared by value", () => {
    const schema = (type: string): Partial<Candidate> => ({
      parameters: { output_schema: { type, title: "t" } },
    });
    expect(lostLiterals(withPrompt("a", schema("x")), withPrompt("a", schema("x")))).toEqual([]);
    expect(lostLiterals(withPrompt("a", schema("x")), withPrompt("a", schema("y")))).toHaveLength(1);
    expect(lostLiterals(withPrompt("a", schema("x")), withPrompt("a"))).toHaveLength(1);
    expect(lostLiterals(withPrompt("a"), withPrompt("a", schema("x")))).toEqual([]);
  });
});
