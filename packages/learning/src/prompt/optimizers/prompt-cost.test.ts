import { expect, test } from "vitest";
import type { Candidate } from "../candidate.ts";
import { promptCost } from "./prompt-cost.ts";

const candidate: Candidate = {
  runtime: "model",
  components: { system_prompt: "x".repeat(40) },
  demonstrations: [{ input: "x".repeat(20), output: "x".repeat(8) }],
  parameters: {},
};

test("the mean over inputs of the estimated prompt", () => {
  // 10 + 5 + 2 tokens, four messages with 4 each, and 1 or 3 tokens of input.
  expect(promptCost(candidate, ["abcd"])).toBe(34);
  expect(promptCost(candidate, ["abcd", "abcdefghijkl"])).toBe(35);
});

test("the built-in agent has no prompt, and without inputs nothing is known", () => {
  expect(promptCost({ ...candidate, runtime: "demonstrations" }, ["abcd"])).toBe(0);
  expect(promptCost(candidate, [])).toBe(0);
});
