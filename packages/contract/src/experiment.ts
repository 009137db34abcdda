import { z } from "zod";
import { type ExperimentMetric, experimentMetric } from "./experiment-metric.ts";
import { uuid } from "./identifiers.ts";
import type { JsonValue } from "./json.ts";
import { timestamp } from "./pagination.ts";
import { ASSIGNMENT_HASHES, type AssignmentHash } from "./serving.ts";

export const EXPERIMENT_STATUSES = ["draft", "running", "paused", "stopped", "decided"] as const;
export type ExperimentStatus = (typeof EXPERIMENT_STATUSES)[number];

export const EXPERIMENT_WINNERS = ["control", "treatment", "none"] as const;
export type ExperimentWinner = (typeof EXPERIMENT_WINNERS)[number];

export const EXPERIMENT_DECISIONS = [
  "deploy_treatment",
  "keep_control",
  "inconclusive",
  "stopped_for_harm",
] as const;
export type ExperimentDecision = (typeof EXPERIMENT_DECISIONS)[number];

/**
 * - `sequential`: intervals and p values hold at every look
 * - `fixed_horizon`: one analysis, at the end (`min_duration_hours` and `min_sample_size` reached); nothing is concluded before
 */
export const INFERENCES = ["sequential", "fixed_horizon"] as const;
export type Inference = (typeof INFERENCES)[number];

/** The first treatment is called `treatment`; these come beside it. */
export interface AdditionalTreatment {
  name: string;
  percentage: number;
  config: ArmConfig;
}

/**
 * - `fixed`: the percentages, throughout
 * - `bandit`: starts with the percentages; then moves the units of the experiment towards the arms that look best (top-two Thompson
 *   sampling), every `update_hours`, each arm keeping `floor` of them. For units that come once, such as sessions
 */
export interface AllocationPolicy {
  policy: "fixed" | "bandit";
  /** Least share of the experiment's units, 0 to 1, that each arm keeps; null where the allocation is fixed. */
  floor: number | null;
  update_hours: number | null;
}

/** Shares of all units, 0 to 1, by arm, from a moment on. */
export interface AllocationPeriod {
  since: string | null;
  shares: Record<string, number>;
  /** Why the shares are what they are. */
  reason: string;
}

/** What an arm runs. Other fields are kept and shown. */
export interface ArmConfig {
  version_id: string;
  [key: string]: JsonValue;
}

/** One metric in one arm. Units, not requests, are what is counted. A quantile is found under `mean`. */
export interface ArmEstimate {
  units: number;
  /** Of a ratio, the sum of denominators. */
  outcomes: number;
  mean: number | null;
  /** Of the mean, with the unit as the cluster. */
  standard_error: number | null;
}

/** Whether the split did what it should. An unhealthy experiment has no winner. */
export interface ExperimentHealth {
  status: "healthy" | "unhealthy" | "unknown";
  /** A sentence for each thing that is wrong or missing. */
  reasons: string[];
  /** Share of units, 0 to 1, that were seen in more than one arm. */
  crossover_share: number;
  sample_ratio: {
    /** ln of the sequential Bayes factor against the intended shares; alarm above ln 1000. */
    ln_bayes_factor: number;
    alarm: boolean;
    /** Chi-square, for the final report: valid for one look. */
    p_value: number | null;
  };
  /** Arms that differed from the control before they were exposed; sequential p values. */
  covariates: { metric: string; arm: string; p_value: number; alarm: boolean }[];
}

export interface Interval {
  estimate: number;
  lower: number;
  upper: number;
}

/** How long it may still take. */
export interface ExperimentPower {
  /** The relative difference of the primary metric that is looked for. */
  effect: number;
  effect_source: "minimum_effect" | "observed";
  /** Units of the smaller of control and the leading treatment that find it with 80 %; null where nothing can be said yet. */
  units_per_arm: number | null;
  /** Units a day in the smaller arm so far. */
  units_per_day: number;
  /** When time, units and power should have come together; null where that cannot be foreseen. */
  expected_end: string | null;
  sentence: string;
}

export interface Experiment {
  id: string;
  name: string;
  description: string | null;
  hypothesis: string | null;
  agent_id: string;
  control_config: ArmConfig;
  treatment_config: ArmConfig;
  control_percentage: number;
  treatment_percentage: number;
  status: ExperimentStatus;
  started_at: string | null;
  ended_at: string | null;
  min_duration_hours: number;
  min_sample_size: number;
  current_control_samples: number;
  current_treatment_samples: number;
  control_metrics: Record<string, ArmEstimate>;
  treatment_metrics: Record<string, ArmEstimate>;
  /** 1 less the sequential p value of the primary metric; null before there is one. */
  statistical_significance: number | null;
  winner: ExperimentWinner | null;
  decision: ExperimentDecision | null;
  decision_notes: string | null;
  /** Null when the policy decided. */
  decided_by: string | null;
  decided_at: string | null;
  training_run_id: string | null;
  additional_treatments: AdditionalTreatment[];
  /** The treatment that won, or that a person chose to deploy. */
  winning_arm: string | null;
  /** Exposed units by arm. */
  samples: Record<string, number>;
  arm_metrics: Record<string, Record<string, ArmEstimate>>;
  metrics: ExperimentMetric[];
  primary_metric: string;
  inference: Inference;
  /** Relative difference of the primary metric that is worth finding; null: what is seen is looked for. */
  minimum_effect: number | null;
  allocation: AllocationPolicy;
  allocation_periods: AllocationPeriod[];
  hash: AssignmentHash;
  assignment_seed: string;
  exclusion_group: string | null;
  significance_level: number;
  health: ExperimentHealth;
  /** What is missing for a decision, a sentence each; empty when nothing is. */
  missing: string[];
  /** Where it stands and what it waits for, in a sentence. */
  summary: string;
  power: ExperimentPower | null;
  analysed_at: string | null;
  /** The ETag: changes with what people and the policy change, not with incoming data. */
  revision: number;
  created_by: string | null;
  created_at: string;
}

export const armConfig: z.ZodType<ArmConfig> = z.looseObject({
  version_id: uuid,
}) as unknown as z.ZodType<ArmConfig>;

export const armEstimate: z.ZodType<ArmEstimate> = z.object({
  units: z.number().int(),
  outcomes: z.number(),
  mean: z.number().nullable(),
  standard_error: z.number().nullable(),
});

const health = z.object({
  status: z.enum(["healthy", "unhealthy", "unknown"]),
  reasons: z.array(z.string()),
  crossover_share: z.number(),
  sample_ratio: z.object({
    ln_bayes_factor: z.number(),
    alarm: z.boolean(),
    p_value: z.number().nullable(),
  }),
  covariates: z.array(
    z.object({ metric: z.string(), arm: z.string(), p_value: z.number(), alarm: z.boolean() }),
  ),
});

export const interval: z.ZodType<Interval> = z.object({
  estimate: z.number(),
  lower: z.number(),
  upper: z.number(),
});

const power = z.object({
  effect: z.number(),
  effect_source: z.enum(["minimum_effect", "observed"]),
  units_per_arm: z.number().nullable(),
  units_per_day: z.number(),
  expected_end: timestamp.nullable(),
  sentence: z.string(),
});

export const experiment: z.ZodType<Experiment> = z.object({
  id: uuid,
  name: z.string(),
  description: z.string().nullable(),
  hypothesis: z.string().nullable(),
  agent_id: uuid,
  control_config: armConfig,
  treatment_config: armConfig,
  control_percentage: z.number().int(),
  treatment_percentage: z.number().int(),
  status: z.enum(EXPERIMENT_STATUSES),
  started_at: timestamp.nullable(),
  ended_at: timestamp.nullable(),
  min_duration_hours: z.number().int(),
  min_sample_size: z.number().int(),
  current_control_samples: z.number().int(),
  current_treatment_samples: z.number().int(),
  control_metrics: z.record(z.string(), armEstimate),
  treatment_metrics: z.record(z.string(), armEstimate),
  statistical_significance: z.number().nullable(),
  winner: z.enum(EXPERIMENT_WINNERS).nullable(),
  decision: z.enum(EXPERIMENT_DECISIONS).nullable(),
  decision_notes: z.string().nullable(),
  decided_by: uuid.nullable(),
  decided_at: timestamp.nullable(),
  training_run_id: uuid.nullable(),
  additional_treatments: z.array(
    z.object({ name: z.string(), percentage: z.number().int(), config: armConfig }),
  ),
  winning_arm: z.string().nullable(),
  samples: z.record(z.string(), z.number().int()),
  arm_metrics: z.record(z.string(), z.record(z.string(), armEstimate)),
  metrics: z.array(experimentMetric),
  primary_metric: z.string(),
  inference: z.enum(INFERENCES),
  minimum_effect: z.number().nullable(),
  allocation: z.object({
    policy: z.enum(["fixed", "bandit"]),
    floor: z.number().nullable(),
    update_hours: z.number().nullable(),
  }),
  allocation_periods: z.array(
    z.object({
      since: timestamp.nullable(),
      shares: z.record(z.string(), z.number()),
      reason: z.string(),
    }),
  ),
  hash: z.enum(ASSIGNMENT_HASHES),
  assignment_seed: z.string(),
  exclusion_group: z.string().nullable(),
  significance_level: z.number(),
  health,
  missing: z.array(z.string()),
  summary: z.string(),
  power: power.nullable(),
  analysed_at: timestamp.nullable(),
  revision: z.number().int(),
  created_by: uuid.nullable(),
  created_at: timestamp,
});
