import { feedbackStatistics } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { newId } from "../../new-id.ts";
import { CounterSeries } from "../statistics/series.ts";
import { summariseFeedback } from "./feedback-statistics.ts";

const one = (day: string, metric: string, count: number, sum = 0) => ({
  day,
  metric,
  count,
  sum,
  sumSquares: 0,
});
const period = { agentId: newId(), from: "2026-02-27", to: "2026-03-01" };

describe("summariseFeedback", () => {
  const summary = summariseFeedback({
    ...period,
    waiting: 4,
    series: new CounterSeries([
      one("2026-02-27", "executions", 10),
      one("2026-03-01", "executions", 10),
      one("2026-02-27", "feedback", 3),
      one("2026-03-01", "feedback", 2),
      one("2026-02-27", "feedback_type:rating", 3),
      one("2026-03-01", "feedback_type:correction", 2),
      one("2026-02-27", "vote", 3, 1.5),
      one("2026-03-01", "vote", 1, 1),
      one("2026-02-27", "rating", 3, 9),
      one("2026-02-27", "rating:3", 3),
      one("2026-03-01", "correction", 2),
      one("2026-03-01", "dimension:clarity", 2, 9),
      one("2026-03-01", "signal:copied", 7),
      one("2026-02-27", "withdrawn", 1),
      one("2026-02-27", "held", 6),
      one("2026-03-01", "held_attached", 1),
      one("2026-03-01", "held_expired", 1),
    ]),
  });

  it("is what the wire expects", () => {
    expect(feedbackStatistics.parse(summary)).toEqual(summary);
  });

  it("adds days up before it divides: a day with few votes weighs little", () => {
    expect(summary).toMatchObject({
      days: 3,
      executions: 20,
      feedback: 5,
      votes: 4,
      satisfaction: 2.5 / 4,
      average_rating: 3,
      corrections: 2,
      correction_rate: 0.4,
      feedback_rate: 0.25,
    });
  });

  it("lists every type, rating and dimension, also those that nobody gave", () => {
    expect(summary.by_type).toEqual({
      thumbs_up: 0,
      thumbs_down: 0,
      rating: 3,
      correction: 2,
      comment: 0,
      dimension: 0,
      implicit: 0,
    });
    expect(summary.rating_distribution).toEqual({ "1": 0, "2": 0, "3": 3, "4": 0, "5": 0 });
    expect(summary.dimensions.clarity).toEqual({ count: 2, average: 4.5 });
    expect(summary.dimensions.accuracy).toEqual({ count: 0, average: null });
  });

  it("keeps implicit signals and held feedback apart from votes", () => {
    expect(summary.signals).toEqual({ copied: 7 });
    expect(summary.held).toEqual({ waiting: 4, received: 6, attached: 1, expired: 1 });
    expect(summary.withdrawn).toBe(1);
  });

  it("has a row for every day, the empty ones too", () => {
    expect(summary.daily).toEqual([
      {
        day: "2026-02-27",
        executions: 10,
        feedback: 3,
        votes: 3,
        satisfaction: 0.5,
        average_rating: 3,
        corrections: 0,
      },
      {
        day: "2026-02-28",
        executions: 0,
        feedback: 0,
        votes: 0,
        satisfaction: null,
        average_rating: null,
        corrections: 0,
      },
      {
        day: "2026-03-01",
        executions: 10,
        feedback: 2,
        votes: 1,
        satisfaction: 1,
        average_rating: null,
        corrections: 2,
      },
    ]);
  });
});
