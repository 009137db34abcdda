import { describe, expect, it } from "vitest";
import { amendFeedback, submitFeedback, submitFeedbackBatch } from "./feedback.ts";

const valid = {
  execution_id: "abc-123",
  agent_id: "my-agent",
  user_id: "user-1",
  feedback_type: "thumbs_up",
};

function paths(value: unknown): string[] {
  const parsed = submitFeedback.safeParse(value);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join("."));
}

describe("submitFeedback", () => {
  it("takes the guide's fields, and null for those that are optional", () => {
    const nothing = { rating: null, feedback_text: null, correction_text: null, issue_categories: null };
    expect(submitFeedback.parse({ ...valid, ...nothing, dimensions: null })).toMatchObject(valid);
  });

  it.each([
    [{ rating: 0 }, "rating"],
    [{ rating: 6 }, "rating"],
    [{ rating: 2.5 }, "rating"],
    [{ rating: "5" }, "rating"],
    [{ dimensions: { accuracy: 6 } }, "dimensions.accuracy"],
    [{ dimensions: { charm: 3 } }, "dimensions"],
    [{ signal: "smiled" }, "signal"],
    [{ feedback_type: "applause" }, "feedback_type"],
    [{ execution_id: "" }, "execution_id"],
    [{ execution_id: "x".repeat(201) }, "execution_id"],
    [{ agent_id: "no such agent" }, "agent_id"],
    [{ issue_categories: "incorrect" }, "issue_categories"],
    [{ metadata: [] }, "metadata"],
  ])("refuses %j", (change, path) => {
    expect(paths({ ...valid, ...change })).toEqual([path]);
  });

  it("names the item of a batch", () => {
    const parsed = submitFeedbackBatch.safeParse({ feedback: [valid, { ...valid, rating: 9 }] });
    expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([["feedback", 1, "rating"]]);
  });
});

describe("amendFeedback", () => {
  it("takes any one field, and none is refused", () => {
    expect(amendFeedback.parse({ rating: 3 })).toEqual({ rating: 3 });
    expect(amendFeedback.parse({ feedback_text: null })).toEqual({ feedback_text: null });
    expect(amendFeedback.safeParse({}).success).toBe(false);
  });
});
