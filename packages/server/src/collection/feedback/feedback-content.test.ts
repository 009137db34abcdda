import { describe, expect, it } from "vitest";
import { changeContent, fillContent, sameContent, satisfactionOf } from "./feedback-content.ts";

describe("fillContent", () => {
  it("fills what is missing or null, and names categories once", () => {
    expect(
      fillContent({ feedback_type: "comment", rating: null, issue_categories: ["a", "b", "a"] }),
    ).toEqual({
      feedback_type: "comment",
      rating: null,
      feedback_text: null,
      correction_text: null,
      issue_categories: ["a", "b"],
      dimensions: {},
      signal: null,
      metadata: {},
    });
  });
});

describe("changeContent", () => {
  const before = fillContent({ feedback_type: "rating", rating: 2, feedback_text: "meh" });

  it("keeps what is left out, clears what is null", () => {
    expect(changeContent(before, { rating: 4 })).toEqual({ ...before, rating: 4 });
    expect(changeContent(before, { feedback_text: null, metadata: undefined })).toEqual({
      ...before,
      feedback_text: null,
    });
  });
});

describe("satisfactionOf", () => {
  it.each([
    ["thumbs_up", null, 1],
    ["thumbs_up", 3, 1],
    ["thumbs_down", null, 0],
    ["rating", 1, 0],
    ["rating", 2, 0.25],
    ["rating", 5, 1],
    ["correction", 3, 0.5],
    ["correction", null, null],
    ["comment", null, null],
    ["dimension", null, null],
    ["implicit", null, null],
    ["implicit", 5, null],
  ] as const)("%s with rating %s is %s", (type, rating, expected) => {
    expect(satisfactionOf({ feedback_type: type, rating })).toBe(expected);
  });
});

describe("sameContent", () => {
  const content = fillContent({
    feedback_type: "rating",
    rating: 2,
    issue_categories: ["a", "b"],
    metadata: { x: 1, y: { z: [1, 2] } },
  });

  it("does not mind the order of categories and fields", () => {
    expect(
      sameContent(content, {
        ...content,
        issue_categories: ["b", "a"],
        metadata: { y: { z: [1, 2] }, x: 1 },
        dimensions: { accuracy: undefined },
      }),
    ).toBe(true);
  });

  it("does not mind what is not content", () => {
    const row = { ...content, id: "row", version: 3 };
    expect(sameContent(content, row)).toBe(true);
  });

  it("minds values", () => {
    expect(sameContent(content, { ...content, rating: 3 })).toBe(false);
    expect(sameContent(content, { ...content, metadata: { x: 1, y: { z: [2, 1] } } })).toBe(false);
    expect(sameContent(content, { ...content, feedback_text: "" })).toBe(false);
  });
});
