import { z } from "zod";
import { uuid } from "./identifiers.ts";
import { jsonObject, type JsonValue } from "./json.ts";
import { timestamp } from "./pagination.ts";

/** Where a fine-tuning run stands. */
export const FINE_TUNING_PHASES = [
  "draft",
  "validating",
  "queued",
  "running",
  "paused",
  "evaluating",
  "awaiting_review",
  "approved",
  "staging",
  "promoted",
  "rolled_back",
  "failed",
  "lost",
  "cancelled",
] as const;
export type FineTuningPhase = (typeof FINE_TUNING_PHASES)[number];

/**
 * `context` trains no weights: it shows the verified examples. `trl` trains beside the server, `ray` in a cluster, `openai` at the model's
 * endpoint.
 */
export const FINE_TUNING_BACKENDS = ["context", "trl", "openai", "ray"] as const;
export type FineTuningBackend = (typeof FINE_TUNING_BACKENDS)[number];

/** `embedding` trains the model that finds chunks, on what retrievals and the feedback on them have shown; the others train what answers. */
export const FINE_TUNING_METHODS = ["sft", "dpo", "kto", "reward", "grpo", "embedding"] as const;
export type FineTuningMethod = (typeof FINE_TUNING_METHODS)[number];

/** What a run is expected to bring, before it has. */
export interface ExpectedEffect {
  /** Share of held-out rows, 0 to 1, that the version it starts from answers right, as last measured; null: never measured. */
  baseline_score: number | null;
  /** Mean gain of the agent's earlier runs, in points of that score; null: there were none. */
  earlier_gain: number | null;
  /** Runs that `earlier_gain` is the mean of. */
  earlier_runs: number;
  /** The same in words. */
  sentence: string;
}

/** What a fine-tuning run would take, and what is in its way. */
export interface FineTuningEstimate {
  backend: FineTuningBackend;
  method: FineTuningMethod;
  /** Nothing is in its way. */
  ready: boolean;
  /** What this server lacks, each with what to do about it. */
  missing: string[];
  /** What is wrong with the run or its dataset. */
  problems: string[];
  warnings: string[];
  rows: { train: number; validation: number; test: number; too_long: number };
  /** Tokens of one pass over the training rows, estimated. */
  tokens: number;
  steps: number | null;
  seconds: number | null;
  /** Where `seconds` comes from: earlier runs of the agent, or a figure for the size of the model. */
  basis: "earlier_runs" | "rule_of_thumb" | null;
  expected_effect: ExpectedEffect;
  /** The first training rows as the trainer gets them. */
  preview: Record<string, JsonValue>[];
}

export const fineTuningEstimate: z.ZodType<FineTuningEstimate> = z.object({
  backend: z.enum(FINE_TUNING_BACKENDS),
  method: z.enum(FINE_TUNING_METHODS),
  ready: z.boolean(),
  missing: z.array(z.string()),
  problems: z.array(z.string()),
  warnings: z.array(z.string()),
  rows: z.object({
    train: z.number().int(),
    validation: z.number().int(),
    test: z.number().int(),
    too_long: z.number().int(),
  }),
  tokens: z.number(),
  steps: z.number().int().nullable(),
  seconds: z.number().nullable(),
  basis: z.enum(["earlier_runs", "rule_of_thumb"]).nullable(),
  expected_effect: z.object({
    baseline_score: z.number().nullable(),
    earlier_gain: z.number().nullable(),
    earlier_runs: z.number().int(),
    sentence: z.string(),
  }),
  preview: z.array(jsonObject),
});

export const TRAINING_ARTIFACT_KINDS = [
  "adapter_safetensors",
  "adapter_gguf",
  "reward_model",
  "tokenizer",
] as const;
export type TrainingArtifactKind = (typeof TRAINING_ARTIFACT_KINDS)[number];

/** A file that a run made. */
export interface TrainingArtifact {
  id: string;
  run_id: string;
  name: string;
  kind: TrainingArtifactKind;
  sha256: string;
  bytes: number;
  created_at: string;
}

export const trainingArtifact: z.ZodType<TrainingArtifact> = z.object({
  id: uuid,
  run_id: uuid,
  name: z.string(),
  kind: z.enum(TRAINING_ARTIFACT_KINDS),
  sha256: z.string(),
  bytes: z.number(),
  created_at: timestamp,
});

export interface TrainingArtifacts {
  data: TrainingArtifact[];
}

export const trainingArtifacts: z.ZodType<TrainingArtifacts> = z.object({ data: z.array(trainingArtifact) });
