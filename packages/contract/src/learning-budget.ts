import { z } from "zod";
import { uuid } from "./identifiers.ts";
import { timestamp } from "./pagination.ts";
import { TRAINING_STATUSES, TRAINING_TYPES, type TrainingStatus, type TrainingType } from "./training-run.ts";

/** Calls to language models, prompt and completion tokens, and what they cost in the currency of the configured prices. */
export interface ModelSpending {
  calls: number;
  tokens: number;
  cost: number;
}

export interface SetLearningBudget {
  /** The last so many days count. */
  period_days: number;
  /** null: no limit. */
  max_calls: number | null;
  max_tokens: number | null;
  max_cost: number | null;
}

/** What the organization's learning may spend on language models in a period, and what of it is gone. */
export interface LearningBudget extends SetLearningBudget {
  /** Since when spending counts. */
  since: string;
  spent: ModelSpending;
  /** Held back for runs that have not ended: what they may spend and have not yet. */
  reserved: ModelSpending;
  /** null: nobody has set one. */
  updated_at: string | null;
}

/** What one run spent in a budget's period. */
export interface RunSpending {
  training_run_id: string;
  name: string;
  agent_id: string;
  training_type: TrainingType;
  status: TrainingStatus;
  /** In the period; what it spent before does not count any more. */
  spent: ModelSpending;
  started_at: string | null;
}

const shape = {
  period_days: z.number().int().min(1).max(366),
  max_calls: z.number().int().min(0).max(1e12).nullable(),
  max_tokens: z.number().int().min(0).max(1e15).nullable(),
  max_cost: z.number().min(0).max(1e12).nullable(),
};

export const setLearningBudget: z.ZodType<SetLearningBudget> = z.object({
  period_days: shape.period_days.default(30),
  max_calls: shape.max_calls.default(null),
  max_tokens: shape.max_tokens.default(null),
  max_cost: shape.max_cost.default(null),
});

export const modelSpending: z.ZodType<ModelSpending> = z.object({
  calls: z.number(),
  tokens: z.number(),
  cost: z.number(),
});

export const learningBudget: z.ZodType<LearningBudget> = z.object({
  ...shape,
  since: timestamp,
  spent: modelSpending,
  reserved: modelSpending,
  updated_at: timestamp.nullable(),
});

export const runSpending: z.ZodType<RunSpending> = z.object({
  training_run_id: uuid,
  name: z.string(),
  agent_id: uuid,
  training_type: z.enum(TRAINING_TYPES),
  status: z.enum(TRAINING_STATUSES),
  spent: modelSpending,
  started_at: timestamp.nullable(),
});
