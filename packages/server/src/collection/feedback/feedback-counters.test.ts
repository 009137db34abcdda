import { describe, expect, it } from "vitest";
import { fillContent, satisfactionOf } from "./feedback-content.ts";
import { feedbackCounters } from "./feedback-counters.ts";

function metrics(content: Parameters<typeof fillContent>[0], versionId: string | null = null): object {
  const filled = fillContent(content);
  const counters = feedbackCounters({ ...filled, satisfaction: satisfactionOf(filled) }, versionId);
  return Object.fromEntries([...counters].map(([metric, tally]) => [metric, [tally.count, tally.sum]]));
}

describe("feedbackCounters", () => {
  it("counts a full detailed vote under everything that it carries", () => {
    const content = {
      feedback_type: "rating",
      rating: 2,
      correction_text: "better",
      issue_categories: ["incorrect"],
      dimensions: { accuracy: 1, clarity: 4 },
    } as const;
    expect(metrics({ ...content, issue_categories: [...content.issue_categories] }, "v1")).toEqual({
      "feedback_type:rating": [1, 0],
      feedback: [1, 0],
      vote: [1, 0.25],
      "version:vote:v1": [1, 0.25],
      rating: [1, 2],
      "rating:2": [1, 0],
      correction: [1, 0],
      "issue:incorrect": [1, 0],
      "dimension:accuracy": [1, 1],
      "dimension:clarity": [1, 4],
    });
  });

  it("never mixes implicit signals with feedback or votes", () => {
    expect(metrics({ feedback_type: "implicit", signal: "copied" }, "v1")).toEqual({
      "feedback_type:implicit": [1, 0],
      "signal:copied": [1, 0],
    });
  });

  it("counts a comment as feedback without a vote", () => {
    expect(metrics({ feedback_type: "comment", feedback_text: "hm" })).toEqual({
      "feedback_type:comment": [1, 0],
      feedback: [1, 0],
    });
  });
});
