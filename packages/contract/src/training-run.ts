import { z } from "zod";
import { FINE_TUNING_PHASES, type FineTuningPhase } from "./fine-tuning.ts";
import { agentReference, uuid } from "./identifiers.ts";
import { jsonObject, type JsonValue } from "./json.ts";
import { timestamp } from "./pagination.ts";
import { type PromptSettings, promptSettingsShape, refuseUnaskedGoals } from "./prompt-evaluator.ts";
import { name, optionalText } from "./text.ts";

export const TRAINING_TYPES = [
  "prompt_optimization",
  "rag_training",
  "behavior_learning",
  "supervised_fine_tuning",
  "dpo",
  "rlhf",
  "lora",
] as const;
export type TrainingType = (typeof TRAINING_TYPES)[number];

export const TRAINING_STATUSES = [
  "pending",
  "running",
  "paused",
  "completed",
  "failed",
  "cancelled",
] as const;
export type TrainingStatus = (typeof TRAINING_STATUSES)[number];

export interface TrainingRun {
  id: string;
  name: string;
  description: string | null;
  agent_id: string;
  dataset_id: string | null;
  training_type: TrainingType;
  config: Record<string, JsonValue>;
  hyperparameters: Record<string, JsonValue> | null;
  status: TrainingStatus;
  /** Of fine-tuning: where it stands more closely than `status` says; null for the other ways of learning. */
  phase: FineTuningPhase | null;
  progress_percentage: number;
  current_step: number | null;
  total_steps: number | null;
  metrics: Record<string, JsonValue>;
  best_metrics: Record<string, JsonValue> | null;
  model_artifact_path: string | null;
  prompt_artifact_path: string | null;
  logs_path: string | null;
  started_at: string | null;
  completed_at: string | null;
  requires_review: boolean;
  reviewed_by: string | null;
  reviewed_at: string | null;
  review_status: "pending" | "approved" | "rejected" | null;
  review_notes: string | null;
  base_version_id: string | null;
  candidate_version_id: string | null;
  /** What went wrong and what to do, for a failed run. */
  error: Record<string, JsonValue> | null;
  created_by: string | null;
  /** Who started a drafted run. */
  launched_by: string | null;
  created_at: string;
}

export const trainingRun: z.ZodType<TrainingRun> = z.object({
  id: uuid,
  name: z.string(),
  description: z.string().nullable(),
  agent_id: uuid,
  dataset_id: uuid.nullable(),
  training_type: z.enum(TRAINING_TYPES),
  config: jsonObject,
  hyperparameters: jsonObject.nullable(),
  status: z.enum(TRAINING_STATUSES),
  phase: z.enum(FINE_TUNING_PHASES).nullable(),
  progress_percentage: z.number().int(),
  current_step: z.number().int().nullable(),
  total_steps: z.number().int().nullable(),
  metrics: jsonObject,
  best_metrics: jsonObject.nullable(),
  model_artifact_path: z.string().nullable(),
  prompt_artifact_path: z.string().nullable(),
  logs_path: z.string().nullable(),
  started_at: timestamp.nullable(),
  completed_at: timestamp.nullable(),
  requires_review: z.boolean(),
  reviewed_by: uuid.nullable(),
  reviewed_at: timestamp.nullable(),
  review_status: z.enum(["pending", "approved", "rejected"]).nullable(),
  review_notes: z.string().nullable(),
  base_version_id: uuid.nullable(),
  candidate_version_id: uuid.nullable(),
  error: jsonObject.nullable(),
  created_by: uuid.nullable(),
  launched_by: uuid.nullable(),
  created_at: timestamp,
});

export interface CreateTrainingRun {
  name: string;
  description?: string | undefined;
  agent_id: string;
  dataset_id?: string | undefined;
  training_type: TrainingType;
  config: Record<string, JsonValue>;
  hyperparameters?: Record<string, JsonValue> | undefined;
}

export const createTrainingRun: z.ZodType<CreateTrainingRun> = z.object({
  name,
  description: optionalText.optional(),
  agent_id: agentReference,
  dataset_id: uuid.optional(),
  training_type: z.enum(TRAINING_TYPES),
  config: jsonObject.default({}),
  hyperparameters: jsonObject.optional(),
});

export interface ReviewDecision {
  decision: "approved" | "rejected";
  notes?: string | undefined;
}

export const reviewDecision: z.ZodType<ReviewDecision> = z.object({
  decision: z.enum(["approved", "rejected"]),
  notes: optionalText.optional(),
});

/** The agent, what to learn from, and how: see `PromptSettings`. */
export interface OptimizePrompt extends PromptSettings {
  agent_id: string;
  /** A frozen dataset; without it, the newest that holds every approved example, or a new one. */
  dataset_id?: string | undefined;
}

export const optimizePrompt: z.ZodType<OptimizePrompt> = z
  .object({ agent_id: agentReference, dataset_id: uuid.optional(), ...promptSettingsShape })
  .superRefine(refuseUnaskedGoals);

export interface TrainingRunEvent {
  sequence: number;
  type: string;
  data: Record<string, JsonValue>;
  created_at: string;
}

export const trainingRunEvent: z.ZodType<TrainingRunEvent> = z.object({
  sequence: z.number().int(),
  type: z.string(),
  data: jsonObject,
  created_at: timestamp,
});
