import { describe, expect, it } from "vitest";
import { aStoredExecution } from "../stored-execution-fixture.testing.ts";
import { fillContent } from "./feedback-content.ts";
import { amendedRow, newFeedbackRow, revisionOf, snapshotOf, toStoredFeedback } from "./feedback-row.ts";

const given = new Date("2026-03-01T10:00:00.000Z");
const later = new Date("2026-03-01T11:00:00.000Z");

const row = newFeedbackRow({
  id: "feedback",
  execution: aStoredExecution(),
  userId: "rater",
  content: fillContent({
    feedback_type: "rating",
    rating: 4,
    dimensions: { accuracy: 3, clarity: undefined },
    metadata: { screen: "chat" },
  }),
  createdAt: given,
});

describe("newFeedbackRow", () => {
  it("is live, in its first version, with the satisfaction that follows from its content", () => {
    expect(row).toMatchObject({
      id: "feedback",
      agent_id: "agent",
      execution_id: "execution",
      user_id: "rater",
      satisfaction: 0.75,
      status: "live",
      version: 1,
      created_at: given,
      updated_at: given,
    });
  });
});

describe("amendedRow", () => {
  it("replaces the content and its satisfaction, and keeps when it was given", () => {
    const after = amendedRow(row, fillContent({ feedback_type: "comment", feedback_text: "hm" }), later);
    expect(after).toMatchObject({
      id: "feedback",
      feedback_type: "comment",
      rating: null,
      dimensions: {},
      satisfaction: null,
      version: 2,
      created_at: given,
      updated_at: later,
    });
  });
});

describe("toStoredFeedback", () => {
  it("shows what observers may see, without undefined dimensions, version or metadata", () => {
    expect(toStoredFeedback(row)).toEqual({
      id: "feedback",
      agent_id: "agent",
      execution_id: "execution",
      user_id: "rater",
      feedback_type: "rating",
      rating: 4,
      feedback_text: null,
      correction_text: null,
      issue_categories: [],
      dimensions: { accuracy: 3 },
      signal: null,
      satisfaction: 0.75,
      created_at: given,
    });
  });
});

describe("revisionOf", () => {
  it("keeps the whole content under the version that it had", () => {
    expect(revisionOf(row, "withdrawn", "actor", later)).toEqual({
      feedback_id: "feedback",
      version: 1,
      action: "withdrawn",
      snapshot: snapshotOf(row),
      actor_id: "actor",
      created_at: later,
    });
    expect(snapshotOf(row)).toMatchObject({ rating: 4, satisfaction: 0.75, metadata: { screen: "chat" } });
    expect(snapshotOf(row)).not.toHaveProperty("id");
  });
});
