import { describe, expect, it } from "vitest";
import { listDays, rate, summariseStats } from "./summarise.ts";

const active = {
  active_experiments: 1,
  running_training_jobs: 2,
  active_rollouts: 0,
  training_runs_completed: 3,
};
const at = (day: string, metric: string, count: number, sum = 0) => ({ day, metric, count, sum });

describe("summariseStats", () => {
  const stats = summariseStats({
    agentId: null,
    days: 3,
    today: "2026-03-01",
    active,
    counts: [
      at("1970-01-01", "total_examples", 40),
      at("1970-01-01", "open_annotations", 7),
      at("2026-03-01", "executions", 80),
      at("2026-02-28", "executions", 20),
      at("2026-03-01", "errors", 4),
      at("2026-03-01", "latency_ms", 50, 6_000),
      at("2026-02-28", "rating", 10, 41),
      at("2026-03-01", "vote", 30, 24),
      at("2026-03-01", "tasks", 10),
      at("2026-03-01", "tasks_completed", 9),
      at("2026-03-01", "feedback", 40),
      at("2026-03-01", "correction", 8),
      at("2026-02-28", "examples", 12),
      at("2026-03-01", "annotations", 6),
      at("2026-03-01", "split_executions", 25),
      at("2026-03-01", "quality:9", 5),
      at("2026-03-01", "quality:0", 1),
    ],
  });

  it("computes the performance metrics with their evidence", () => {
    expect(stats.performance).toEqual({
      average_rating: rate(41, 10),
      satisfaction: { value: 0.8, numerator: 24, denominator: 30 },
      task_completion_rate: rate(9, 10),
      error_rate: { value: 0.04, numerator: 4, denominator: 100 },
      latency_ms: rate(6_000, 50),
    });
  });

  it("computes the learning and engagement metrics", () => {
    expect(stats.learning).toEqual({
      examples_per_day: rate(12, 3),
      annotations_per_day: rate(6, 3),
      quality_distribution: [1, 0, 0, 0, 0, 0, 0, 0, 0, 5],
      training_runs_completed: 3,
    });
    expect(stats.engagement.feedback_rate).toEqual(rate(40, 100));
    expect(stats.engagement.correction_rate).toEqual(rate(8, 40));
    expect(stats.engagement.expert_annotation_rate).toEqual(rate(6, 12));
    expect(stats.engagement.experiment_participation).toEqual(rate(25, 100));
  });

  it("keeps gauges out of the days and shows every day, empty ones too", () => {
    expect(stats).toMatchObject({
      total_examples: 40,
      pending_annotations: 7,
      annotations_today: 6,
      active_experiments: 1,
    });
    expect(stats.series.map(({ day, executions, error_rate }) => [day, executions, error_rate])).toEqual([
      ["2026-02-27", 0, null],
      ["2026-02-28", 20, 0],
      ["2026-03-01", 80, 0.05],
    ]);
  });

  it("has no rate without a denominator", () => {
    expect(rate(0, 0)).toEqual({ value: null, numerator: 0, denominator: 0 });
  });

  it("counts days over the end of a month", () => {
    expect(listDays("2028-03-01", 2)).toEqual(["2028-02-29", "2028-03-01"]);
  });
});
