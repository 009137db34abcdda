import type { LearningStats, Rate, StatsDay } from "@agent-learning/contract";
import { type ActiveWork, type DailyCount, GAUGE_DAY } from "./store.ts";

interface Total {
  count: number;
  sum: number;
}

const NOTHING: Total = { count: 0, sum: 0 };

/** A rate that says what it was computed from. */
export function rate(numerator: number, denominator: number): Rate {
  return { value: denominator === 0 ? null : numerator / denominator, numerator, denominator };
}

function totals(counts: readonly DailyCount[]): (metric: string) => Total {
  const byMetric = new Map<string, Total>();
  for (const { metric, count, sum } of counts) {
    const before = byMetric.get(metric) ?? NOTHING;
    byMetric.set(metric, { count: before.count + count, sum: before.sum + sum });
  }
  return (metric) => byMetric.get(metric) ?? NOTHING;
}

function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}

function summariseDay(day: string, counts: readonly DailyCount[]): StatsDay {
  const of = totals(counts);
  const [executions, latency, rating, vote] = [of("executions"), of("latency_ms"), of("rating"), of("vote")];
  return {
    day,
    executions: executions.count,
    error_rate: ratio(of("errors").count, executions.count),
    latency_ms: ratio(latency.sum, latency.count),
    task_completion_rate: ratio(of("tasks_completed").count, of("tasks").count),
    average_rating: ratio(rating.sum, rating.count),
    satisfaction: ratio(vote.sum, vote.count),
    feedback: of("feedback").count,
    corrections: of("correction").count,
    examples: of("examples").count,
    annotations: of("annotations").count,
  };
}

/** The days from `first` to `last`, both included, as YYYY-MM-DD in UTC. */
export function listDays(last: string, days: number): string[] {
  const end = Date.parse(`${last}T00:00:00Z`);
  return Array.from({ length: days }, (_, index) =>
    new Date(end - (days - 1 - index) * 86_400_000).toISOString().slice(0, 10),
  );
}

/**
 * The guide's performance, learning and engagement metrics from daily counters. Each rate carries its numerator and
 * denominator, so that a number on a page can be traced.
 */
export function summariseStats(input: {
  agentId: string | null;
  days: number;
  today: string;
  counts: readonly DailyCount[];
  active: ActiveWork;
}): LearningStats {
  const gauges = totals(input.counts.filter((row) => row.day === GAUGE_DAY));
  const daily = input.counts.filter((row) => row.day !== GAUGE_DAY);
  const of = totals(daily);
  const byDay = Map.groupBy(daily, (row) => row.day);
  const executions = of("executions").count;
  const { training_runs_completed: runsCompleted, ...active } = input.active;
  return {
    agent_id: input.agentId,
    days: input.days,
    pending_annotations: gauges("open_annotations").count,
    total_examples: gauges("total_examples").count,
    annotations_today: totals(byDay.get(input.today) ?? [])("annotations").count,
    ...active,
    performance: {
      average_rating: rate(of("rating").sum, of("rating").count),
      satisfaction: rate(of("vote").sum, of("vote").count),
      task_completion_rate: rate(of("tasks_completed").count, of("tasks").count),
      error_rate: rate(of("errors").count, executions),
      latency_ms: rate(of("latency_ms").sum, of("latency_ms").count),
    },
    learning: {
      examples_per_day: rate(of("examples").count, input.days),
      annotations_per_day: rate(of("annotations").count, input.days),
      quality_distribution: Array.from({ length: 10 }, (_, tenth) => of(`quality:${tenth}`).count),
      training_runs_completed: runsCompleted,
    },
    engagement: {
      feedback_rate: rate(of("feedback").count, executions),
      correction_rate: rate(of("correction").count, of("feedback").count),
      expert_annotation_rate: rate(of("annotations").count, of("examples").count),
      experiment_participation: rate(of("split_executions").count, executions),
    },
    series: listDays(input.today, input.days).map((day) => summariseDay(day, byDay.get(day) ?? [])),
  };
}
