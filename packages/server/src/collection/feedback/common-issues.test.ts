import { describe, expect, it } from "vitest";
import { rankIssues, trendOf } from "./common-issues.ts";

describe("trendOf", () => {
  it.each([
    [0, 0, "steady"],
    [3, 0, "steady"],
    [4, 0, "rising"],
    [0, 4, "falling"],
    [60, 40, "rising"],
    [55, 45, "steady"],
    [40, 60, "falling"],
  ] as const)("%i after %i is %s", (count, previous, expected) => {
    expect(trendOf(count, previous)).toBe(expected);
  });
});

describe("rankIssues", () => {
  it("ranks by frequency, with share, label, trend and examples", () => {
    const issues = rankIssues({
      counts: { unclear: 2, incorrect: 8 },
      previous: { incorrect: 1, outdated: 9, too_slow: 1 },
      feedback: 40,
      labels: new Map([["incorrect", "Factually incorrect"]]),
      recent: new Map([
        ["incorrect", ["f3", "f2"]],
        ["outdated", ["f1"]],
      ]),
    });
    expect(issues).toEqual([
      {
        category: "incorrect",
        label: "Factually incorrect",
        count: 8,
        share: 0.2,
        previous_count: 1,
        trend: "rising",
        recent_feedback_ids: ["f3", "f2"],
      },
      {
        category: "unclear",
        label: "unclear",
        count: 2,
        share: 0.05,
        previous_count: 0,
        trend: "steady",
        recent_feedback_ids: [],
      },
      {
        category: "outdated",
        label: "outdated",
        count: 0,
        share: 0,
        previous_count: 9,
        trend: "falling",
        recent_feedback_ids: [],
      },
    ]);
  });
});
