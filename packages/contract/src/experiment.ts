import { z } from "zod";
import { UNIT_METRICS, type UnitMetric } from "./exposure.ts";
import { agentReference, uuid } from "./identifiers.ts";
import type { JsonValue } from "./json.ts";
import { timestamp } from "./pagination.ts";
import { name, optionalText } from "./text.ts";

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

/** What an arm runs. Other fields are kept and shown. */
export interface ArmConfig {
  version_id: string;
  [key: string]: JsonValue;
}

/** One metric in one arm. Units, not requests, are what is counted; the mean is per outcome. */
export interface ArmEstimate {
  units: number;
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
  /** Share of units, 0 to 1, that were seen in both arms. */
  crossover_share: number;
  sample_ratio: {
    /** ln of the sequential Bayes factor against the intended shares; alarm above ln 1000. */
    ln_bayes_factor: number;
    alarm: boolean;
    /** Chi-square, for the final report: valid for one look. */
    p_value: number | null;
  };
}

export interface Interval {
  estimate: number;
  lower: number;
  upper: number;
}

/** Treatment less control, with an interval that holds at every look. */
export interface MetricComparison {
  metric: UnitMetric;
  better: "higher" | "lower";
  primary: boolean;
  control: ArmEstimate;
  treatment: ArmEstimate;
  /** Null while an arm has fewer than two units, or nothing varies. */
  absolute: Interval | null;
  /** Relative to the control's mean; null where that is 0. */
  relative: Interval | null;
  /** Valid at any look. */
  p_value: number | null;
}

/** Evidence that the treatment is worse, from tests that may stop it at any time. */
export interface HarmEvidence {
  metric: UnitMetric;
  /** Pairs of one treatment and one control unit. */
  pairs: number;
  ln_evidence: number;
  /** Harm is found at this much. */
  ln_threshold: number;
  breached: boolean;
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
  primary_metric: UnitMetric;
  significance_level: number;
  health: ExperimentHealth;
  /** What is missing for a decision, a sentence each; empty when nothing is. */
  missing: string[];
  analysed_at: string | null;
  /** The ETag: changes with what people and the policy change, not with incoming data. */
  revision: number;
  created_by: string | null;
  created_at: string;
}

const armConfig = z.looseObject({ version_id: uuid }) as unknown as z.ZodType<ArmConfig>;

const armEstimate = z.object({
  units: z.number().int(),
  outcomes: z.number().int(),
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
});

const unitMetric = z.enum(UNIT_METRICS);

const experimentShape = {
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
  primary_metric: unitMetric,
  significance_level: z.number(),
  health,
  missing: z.array(z.string()),
  analysed_at: timestamp.nullable(),
  revision: z.number().int(),
  created_by: uuid.nullable(),
  created_at: timestamp,
};

export const experiment: z.ZodType<Experiment> = z.object(experimentShape);

/** The experiment with every metric compared. */
export interface ExperimentResults {
  experiment: Experiment;
  running_hours: number;
  metrics: MetricComparison[];
  harm: HarmEvidence[];
}

const interval = z.object({ estimate: z.number(), lower: z.number(), upper: z.number() });

export const experimentResults: z.ZodType<ExperimentResults> = z.object({
  experiment: z.object(experimentShape),
  running_hours: z.number(),
  metrics: z.array(
    z.object({
      metric: unitMetric,
      better: z.enum(["higher", "lower"]),
      primary: z.boolean(),
      control: armEstimate,
      treatment: armEstimate,
      absolute: interval.nullable(),
      relative: interval.nullable(),
      p_value: z.number().nullable(),
    }),
  ),
  harm: z.array(
    z.object({
      metric: unitMetric,
      pairs: z.number().int(),
      ln_evidence: z.number(),
      ln_threshold: z.number(),
      breached: z.boolean(),
    }),
  ),
});

const percentage = z.number().int().min(1, "must be at least 1: an arm without units shows nothing").max(99);

export interface CreateExperiment {
  agent_id: string;
  name: string;
  description?: string | undefined;
  hypothesis?: string | undefined;
  control_config: ArmConfig;
  treatment_config: ArmConfig;
  /** What the two leave over stays on the version in production, outside the experiment. */
  control_percentage: number;
  treatment_percentage: number;
  /** Hours; the agent's policy unless given, and not less. */
  min_duration_hours?: number | undefined;
  /** Units per arm; the agent's policy unless given, and not less. */
  min_sample_size?: number | undefined;
  primary_metric: UnitMetric;
  /** 1 less the policy's significance unless given, and not more. */
  significance_level?: number | undefined;
}

export const createExperiment: z.ZodType<CreateExperiment> = z
  .object({
    agent_id: agentReference,
    name,
    description: optionalText.optional(),
    hypothesis: optionalText.optional(),
    control_config: armConfig,
    treatment_config: armConfig,
    control_percentage: percentage.default(50),
    treatment_percentage: percentage.default(50),
    min_duration_hours: z.number().int().min(0).max(100_000).optional(),
    min_sample_size: z.number().int().min(0).max(1_000_000_000).optional(),
    primary_metric: unitMetric.default("satisfaction"),
    significance_level: z.number().gt(0).lt(0.5).optional(),
  })
  .refine((body) => body.control_percentage + body.treatment_percentage <= 100, {
    path: ["treatment_percentage"],
    error: "together with control_percentage must not exceed 100",
  });

export interface UpdateExperiment {
  status?: "running" | "paused" | "stopped" | "decided" | undefined;
  /** Decides the experiment; `status` may be left out. */
  decision?: ExperimentDecision | undefined;
  decision_notes?: string | undefined;
  name?: string | undefined;
  description?: string | null | undefined;
  hypothesis?: string | null | undefined;
}

export const updateExperiment: z.ZodType<UpdateExperiment> = z
  .object({
    status: z.enum(["running", "paused", "stopped", "decided"]).optional(),
    decision: z.enum(EXPERIMENT_DECISIONS).optional(),
    decision_notes: optionalText.optional(),
    name: name.optional(),
    description: optionalText.nullable().optional(),
    hypothesis: optionalText.nullable().optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    error: "name at least one field to change",
  })
  .refine((change) => change.status !== "decided" || change.decision !== undefined, {
    path: ["decision"],
    error: "is needed to decide the experiment",
  })
  .refine((change) => change.decision === undefined || (change.status ?? "decided") === "decided", {
    path: ["status"],
    error: "must be decided, or left out, when there is a decision",
  })
  .refine((change) => change.decision_notes === undefined || change.decision !== undefined, {
    path: ["decision_notes"],
    error: "belong to a decision",
  });
