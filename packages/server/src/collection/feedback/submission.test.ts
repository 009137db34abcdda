import { describe, expect, it } from "vitest";
import { newId } from "../../new-id.ts";
import { personNamed } from "../people/raters.ts";
import { fillContent } from "./feedback-content.ts";
import { isVote, queryOf, raterKey, type Submission } from "./submission.ts";

const submission: Submission = {
  id: newId(),
  agentId: newId(),
  executionReference: "abc-123",
  rater: personNamed("user-1"),
  content: fillContent({ feedback_type: "thumbs_up" }),
  path: "body",
};

describe("queryOf", () => {
  it("looks for the caller's own id, and for ours where it is written like one", () => {
    expect(queryOf(submission)).toMatchObject({ executionReference: "abc-123", executionId: null });
    const id = newId();
    expect(queryOf({ ...submission, executionReference: id.toUpperCase() })).toMatchObject({
      executionReference: id.toUpperCase(),
      executionId: id,
    });
  });
});

describe("isVote", () => {
  it.each([
    [{ feedback_type: "thumbs_down" }, true],
    [{ feedback_type: "correction", correction_text: "x", rating: 1 }, true],
    [{ feedback_type: "correction", correction_text: "x" }, false],
    [{ feedback_type: "comment", feedback_text: "x" }, false],
    [{ feedback_type: "implicit", signal: "copied" }, false],
  ] as const)("%j: %s", (content, expected) => {
    expect(isVote(fillContent(content))).toBe(expected);
  });
});

describe("raterKey", () => {
  const target = { execution: null, raterId: null, liveVoteId: null };

  it("tells raters apart, known or new", () => {
    const unknown = { submission, index: 0, target };
    const other = { ...unknown, submission: { ...submission, rater: personNamed("user-2") } };
    const known = { ...unknown, target: { ...target, raterId: "r" } };
    expect(new Set([raterKey(unknown), raterKey(other), raterKey(known)]).size).toBe(3);
    expect(raterKey({ ...other, target: { ...target, raterId: "r" } })).toBe(raterKey(known));
  });
});
