import { z } from "zod";

/** A rate with what it was computed from: null while there is nothing to divide by. */
export interface Rate {
  value: number | null;
  numerator: number;
  denominator: number;
}

const rate: z.ZodType<Rate> = z.object({
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number(),
});

export interface StatsDay {
  day: string;
  executions: number;
  error_rate: number | null;
  latency_ms: number | null;
  task_completion_rate: number | null;
  average_rating: number | null;
  satisfaction: number | null;
  feedback: number;
  corrections: number;
  examples: number;
  annotations: number;
}

export interface LearningStats {
  /** Null: all agents of the organization. */
  agent_id: string | null;
  days: number;
  pending_annotations: number;
  total_examples: number;
  annotations_today: number;
  active_experiments: number;
  running_training_jobs: number;
  active_rollouts: number;
  performance: {
    /** Mean of 1–5 ratings: sum over count. */
    average_rating: Rate;
    /** Mean of votes on 0–1. */
    satisfaction: Rate;
    task_completion_rate: Rate;
    error_rate: Rate;
    /** Mean latency in milliseconds: sum over count. */
    latency_ms: Rate;
  };
  learning: {
    examples_per_day: Rate;
    annotations_per_day: Rate;
    /** Examples by quality score: ten bins of a tenth each. */
    quality_distribution: number[];
    training_runs_completed: number;
  };
  engagement: {
    /** Feedback per execution. */
    feedback_rate: Rate;
    /** Corrections per feedback. */
    correction_rate: Rate;
    /** Annotations per new example. */
    expert_annotation_rate: Rate;
    /** Executions inside an experiment or rollout, of all. */
    experiment_participation: Rate;
  };
  series: StatsDay[];
}

const nullableNumber = z.number().nullable();

export const learningStats: z.ZodType<LearningStats> = z.object({
  agent_id: z.string().nullable(),
  days: z.number().int(),
  pending_annotations: z.number().int(),
  total_examples: z.number().int(),
  annotations_today: z.number().int(),
  active_experiments: z.number().int(),
  running_training_jobs: z.number().int(),
  active_rollouts: z.number().int(),
  performance: z.object({
    average_rating: rate,
    satisfaction: rate,
    task_completion_rate: rate,
    error_rate: rate,
    latency_ms: rate,
  }),
  learning: z.object({
    examples_per_day: rate,
    annotations_per_day: rate,
    quality_distribution: z.array(z.number().int()).length(10),
    training_runs_completed: z.number().int(),
  }),
  engagement: z.object({
    feedback_rate: rate,
    correction_rate: rate,
    expert_annotation_rate: rate,
    experiment_participation: rate,
  }),
  series: z.array(
    z.object({
      day: z.iso.date(),
      executions: z.number().int(),
      error_rate: nullableNumber,
      latency_ms: nullableNumber,
      task_completion_rate: nullableNumber,
      average_rating: nullableNumber,
      satisfaction: nullableNumber,
      feedback: z.number().int(),
      corrections: z.number().int(),
      examples: z.number().int(),
      annotations: z.number().int(),
    }),
  ),
});
