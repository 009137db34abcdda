import { expect, it } from "vitest";
import { originalExpected } from "./original-expected.ts";

it.each([
  ["positive", "liked"],
  ["correction", "rather"],
  ["negative", ""],
  ["failure", ""],
  ["edge_case", ""],
  ["preference", null],
])("what a %s example expected before it was annotated", (example_type, expected) => {
  expect(originalExpected({ example_type, original_output: "liked", correction: "rather" })).toBe(expected);
});
