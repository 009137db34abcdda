import { decimal, milliseconds, NOTHING, percent } from "./numbers.ts";
import type {
  EvaluationRun,
  Experiment,
  FeedbackType,
  ReviewStatus,
  Rollout,
  TrainingRun,
  TrainingType,
} from "../api/types.ts";

/** `prompt_optimization` → `Prompt optimization`, for values that have no better words. */
export function humanise(value: string): string {
  const words = value.replaceAll(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Ways of learning. */
export const TRAINING_WORDS: Record<TrainingType, string> = {
  prompt_optimization: "Prompt optimisation",
  rag_training: "Retrieval",
  behavior_learning: "Behaviour",
  supervised_fine_tuning: "Supervised fine-tuning",
  dpo: "Preferences (DPO)",
  rlhf: "Reward model (RLHF)",
  lora: "LoRA",
};

export const FEEDBACK_WORDS: Record<FeedbackType, string> = {
  thumbs_up: "Thumbs up",
  thumbs_down: "Thumbs down",
  rating: "Rating",
  correction: "Correction",
  comment: "Comment",
  dimension: "Dimensions",
  implicit: "Signal",
};

export const REVIEW_TONES: Record<ReviewStatus, Tone> = {
  pending: "warn",
  approved: "good",
  rejected: "bad",
  in_review: "accent",
  withdrawn: "neutral",
};

/** How a state feels; a word or a shape always stands beside the colour. */
export type Tone = "good" | "bad" | "warn" | "accent" | "neutral";

export const RUN_TONES: Record<TrainingRun["status"], Tone> = {
  pending: "neutral",
  running: "accent",
  paused: "warn",
  completed: "good",
  failed: "bad",
  cancelled: "neutral",
};

export const EXPERIMENT_TONES: Record<Experiment["status"], Tone> = {
  draft: "neutral",
  running: "accent",
  paused: "warn",
  stopped: "neutral",
  decided: "good",
};

export const ROLLOUT_TONES: Record<Rollout["status"], Tone> = {
  pending: "neutral",
  running: "accent",
  paused: "warn",
  completed: "good",
  rolled_back: "bad",
  aborted: "bad",
};

export const GATE_TONES: Record<NonNullable<EvaluationRun["verdict"]> | EvaluationRun["status"], Tone> = {
  passed: "good",
  failed: "bad",
  inconclusive: "warn",
  pending: "neutral",
  waiting: "warn",
  running: "accent",
  completed: "neutral",
  cancelled: "neutral",
};

const METRIC_WORDS: Readonly<Record<string, string>> = {
  latency_ms: "Latency",
  latency: "Latency",
  task_completion: "Task completion",
};

/** Name of a metric or guardrail. */
export function metricWord(name: string): string {
  return METRIC_WORDS[name] ?? humanise(name);
}

/** A value of a metric in its unit: shares as percent, latency as time. */
export function metricValue(name: string, value: number | null): string {
  if (value === null) return NOTHING;
  if (name.startsWith("latency")) return milliseconds(value);
  return Math.abs(value) <= 1 ? percent(value) : decimal(value);
}
