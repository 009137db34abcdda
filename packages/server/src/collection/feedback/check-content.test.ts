import { FEEDBACK_TYPES } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { checkContent, checkCorrection } from "./check-content.ts";
import { fillContent, type StoredContent } from "./feedback-content.ts";

const CATEGORIES = new Set(["incorrect", "unclear"]);

const VALID: Record<(typeof FEEDBACK_TYPES)[number], Partial<StoredContent>> = {
  thumbs_up: {},
  thumbs_down: { issue_categories: ["unclear"] },
  rating: { rating: 3 },
  correction: { correction_text: "better" },
  comment: { feedback_text: "nice" },
  dimension: { dimensions: { clarity: 4 } },
  implicit: { signal: "copied" },
};

function problems(type: (typeof FEEDBACK_TYPES)[number], change: Partial<StoredContent>): string[] {
  const content = fillContent({ feedback_type: type, ...VALID[type], ...change });
  return checkContent(content, CATEGORIES).map((error) => error.path);
}

describe("checkContent", () => {
  it.each(FEEDBACK_TYPES)("takes %s with what it needs", (type) => {
    expect(problems(type, {})).toEqual([]);
  });

  it.each([
    ["rating", { rating: null }, ["rating"]],
    ["correction", { correction_text: null }, ["correction_text"]],
    ["comment", { feedback_text: null }, ["feedback_text"]],
    ["dimension", { dimensions: {} }, ["dimensions"]],
    ["dimension", { dimensions: { clarity: undefined } }, ["dimensions"]],
    ["implicit", { signal: null }, ["signal"]],
    ["thumbs_up", { signal: "copied" }, ["signal"]],
    ["thumbs_up", { rating: 2 }, ["rating"]],
    ["thumbs_down", { rating: 4 }, ["rating"]],
    ["implicit", { rating: 5, correction_text: "x" }, ["rating", "correction_text"]],
    [
      "implicit",
      { feedback_text: "x", issue_categories: ["unclear"] },
      ["feedback_text", "issue_categories"],
    ],
    ["implicit", { dimensions: { accuracy: 1 } }, ["dimensions"]],
    ["comment", { issue_categories: ["incorrect", "nonsense"] }, ["issue_categories.1"]],
  ] as const)("refuses %s with %j", (type, change, expected) => {
    expect(problems(type, change as unknown as Partial<StoredContent>)).toEqual(expected);
  });

  it.each([
    ["thumbs_up", 3],
    ["thumbs_up", 5],
    ["thumbs_down", 1],
    ["thumbs_down", 3],
  ] as const)("takes %s with a rating of %i", (type, rating) => {
    expect(problems(type, { rating })).toEqual([]);
  });
});

describe("checkCorrection", () => {
  const correction = fillContent({ feedback_type: "correction", correction_text: " the answer " });

  it("refuses what the agent said, white space aside", () => {
    expect(checkCorrection(correction, "the answer\n").map((error) => error.path)).toEqual([
      "correction_text",
    ]);
  });

  it("takes a different text, and any text for an execution without an output", () => {
    expect(checkCorrection(correction, "an answer")).toEqual([]);
    expect(checkCorrection(correction, null)).toEqual([]);
    expect(checkCorrection(fillContent({ feedback_type: "thumbs_up" }), "the answer")).toEqual([]);
  });
});
