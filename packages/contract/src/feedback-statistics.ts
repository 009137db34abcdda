import { z } from "zod";
import {
  FEEDBACK_DIMENSIONS,
  FEEDBACK_TYPES,
  type FeedbackDimension,
  type FeedbackType,
} from "./feedback.ts";
import { uuid } from "./identifiers.ts";

const count = z.number().int().min(0);
const share = z.number().min(0).nullable();
const day = z.iso.date();

/** Query of the statistics: the last so many days in UTC, today included. */
export const statisticsQuery: z.ZodObject<{ days: z.ZodDefault<z.ZodCoercedNumber> }> = z.object({
  days: z.coerce.number().int().min(1).max(365).default(30),
});

export interface DailyFeedback {
  day: string;
  executions: number;
  feedback: number;
  votes: number;
  satisfaction: number | null;
  average_rating: number | null;
  corrections: number;
}

/** Live feedback only: amended feedback counts as it is now, on the day it was given; withdrawn feedback does not count. */
export interface FeedbackStatistics {
  agent_id: string;
  days: number;
  from: string;
  to: string;
  executions: number;
  /** All but implicit signals. */
  feedback: number;
  by_type: Record<FeedbackType, number>;
  signals: Record<string, number>;
  votes: number;
  /** Mean of the votes, 0 to 1. */
  satisfaction: number | null;
  average_rating: number | null;
  rating_distribution: Record<"1" | "2" | "3" | "4" | "5", number>;
  dimensions: Record<FeedbackDimension, { count: number; average: number | null }>;
  corrections: number;
  /** Share of the feedback that carries a correction. */
  correction_rate: number | null;
  /** Feedback per execution. */
  feedback_rate: number | null;
  withdrawn: number;
  /** Feedback that came before its execution: waiting now, and attached or expired in these days. */
  held: { waiting: number; received: number; attached: number; expired: number };
  daily: DailyFeedback[];
}

export const feedbackStatistics: z.ZodType<FeedbackStatistics> = z.object({
  agent_id: uuid,
  days: count,
  from: day,
  to: day,
  executions: count,
  feedback: count,
  by_type: z.record(z.enum(FEEDBACK_TYPES), count),
  signals: z.record(z.string(), count),
  votes: count,
  satisfaction: share,
  average_rating: share,
  rating_distribution: z.record(z.enum(["1", "2", "3", "4", "5"]), count),
  dimensions: z.record(z.enum(FEEDBACK_DIMENSIONS), z.object({ count, average: share })),
  corrections: count,
  correction_rate: share,
  feedback_rate: share,
  withdrawn: count,
  held: z.object({ waiting: count, received: count, attached: count, expired: count }),
  daily: z.array(
    z.object({
      day,
      executions: count,
      feedback: count,
      votes: count,
      satisfaction: share,
      average_rating: share,
      corrections: count,
    }),
  ),
});

export interface CommonIssue {
  category: string;
  label: string;
  count: number;
  /** Share of the period's feedback that names it. */
  share: number | null;
  /** The same number of days before. */
  previous_count: number;
  trend: "rising" | "steady" | "falling";
  /** The newest feedback that names it. */
  recent_feedback_ids: string[];
}

export interface CommonIssues {
  agent_id: string;
  days: number;
  from: string;
  to: string;
  feedback: number;
  issues: CommonIssue[];
}

export const commonIssues: z.ZodType<CommonIssues> = z.object({
  agent_id: uuid,
  days: count,
  from: day,
  to: day,
  feedback: count,
  issues: z.array(
    z.object({
      category: z.string(),
      label: z.string(),
      count,
      share,
      previous_count: count,
      trend: z.enum(["rising", "steady", "falling"]),
      recent_feedback_ids: z.array(uuid),
    }),
  ),
});
