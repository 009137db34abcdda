import type { CommonIssue } from "@agent-learning/contract";
import { shareOf } from "../statistics/series.ts";

// Two-sided 5 % of the standard normal distribution.
const SIGNIFICANT = 1.96;

/**
 * Whether an issue became more or less frequent: the difference of two Poisson counts over its standard error,
 * (a - b) / sqrt(a + b), beyond ±1.96 (Przyborowski and Wilenski's conditional test in its normal approximation).
 */
export function trendOf(count: number, previous: number): CommonIssue["trend"] {
  if (count + previous === 0) return "steady";
  const z = (count - previous) / Math.sqrt(count + previous);
  if (z >= SIGNIFICANT) return "rising";
  return z <= -SIGNIFICANT ? "falling" : "steady";
}

/** Issues by frequency; what is not named in the period but was before it comes last, as falling. */
export function rankIssues(input: {
  counts: Record<string, number>;
  previous: Record<string, number>;
  feedback: number;
  labels: ReadonlyMap<string, string>;
  recent: ReadonlyMap<string, string[]>;
}): CommonIssue[] {
  const categories = new Set([...Object.keys(input.counts), ...Object.keys(input.previous)]);
  return [...categories]
    .map((category) => {
      const count = input.counts[category] ?? 0;
      const previous = input.previous[category] ?? 0;
      return {
        category,
        label: input.labels.get(category) ?? category,
        count,
        share: shareOf(count, input.feedback),
        previous_count: previous,
        trend: trendOf(count, previous),
        recent_feedback_ids: count === 0 ? [] : (input.recent.get(category) ?? []),
      };
    })
    .filter((issue) => issue.count > 0 || issue.trend === "falling")
    .sort((a, b) => b.count - a.count || (a.category < b.category ? -1 : 1));
}
