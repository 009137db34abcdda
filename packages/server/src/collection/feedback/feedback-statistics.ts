import { FEEDBACK_DIMENSIONS, FEEDBACK_TYPES, type FeedbackStatistics } from "@agent-learning/contract";
import { type CounterSeries, daysBetween, shareOf } from "../statistics/series.ts";

function countEach<K extends string>(keys: readonly K[], count: (key: K) => number): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, count(key)])) as Record<K, number>;
}

/** The statistics of a period from its counters. */
export function summariseFeedback(input: {
  agentId: string;
  from: string;
  to: string;
  series: CounterSeries;
  waiting: number;
}): FeedbackStatistics {
  const { series } = input;
  const days = daysBetween(input.from, input.to);
  return {
    agent_id: input.agentId,
    days: days.length,
    from: input.from,
    to: input.to,
    executions: series.count("executions"),
    feedback: series.count("feedback"),
    by_type: countEach(FEEDBACK_TYPES, (type) => series.count(`feedback_type:${type}`)),
    signals: series.counts("signal:"),
    votes: series.count("vote"),
    satisfaction: series.mean("vote"),
    average_rating: series.mean("rating"),
    rating_distribution: countEach(["1", "2", "3", "4", "5"], (rating) => series.count(`rating:${rating}`)),
    dimensions: Object.fromEntries(
      FEEDBACK_DIMENSIONS.map((name) => {
        const metric = `dimension:${name}`;
        return [name, { count: series.count(metric), average: series.mean(metric) }];
      }),
    ) as FeedbackStatistics["dimensions"],
    corrections: series.count("correction"),
    correction_rate: shareOf(series.count("correction"), series.count("feedback")),
    feedback_rate: shareOf(series.count("feedback"), series.count("executions")),
    withdrawn: series.count("withdrawn"),
    held: {
      waiting: input.waiting,
      received: series.count("held"),
      attached: series.count("held_attached"),
      expired: series.count("held_expired"),
    },
    daily: days.map((day) => ({
      day,
      executions: series.count("executions", day),
      feedback: series.count("feedback", day),
      votes: series.count("vote", day),
      satisfaction: series.mean("vote", day),
      average_rating: series.mean("rating", day),
      corrections: series.count("correction", day),
    })),
  };
}
