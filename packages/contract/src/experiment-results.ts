import { z } from "zod";
import {
  type ArmEstimate,
  armEstimate,
  type Experiment,
  experiment,
  type Interval,
  interval,
} from "./experiment.ts";
import { METRIC_KINDS, METRIC_ROLES, type MetricKind, type MetricRole } from "./experiment-metric.ts";
import { timestamp } from "./pagination.ts";

/** For display: it decides nothing. Prior N(0, 0.3²) on the relative difference. */
export interface BayesianView {
  chance_to_win: number;
  /** Expected loss of relative difference if the treatment is chosen, and if the control is kept. */
  risk_of_treatment: number;
  risk_of_control: number;
  relative: Interval;
}

/** A treatment less the control. Sequential: interval and p value hold at every look. */
export interface MetricComparison {
  metric: string;
  kind: MetricKind;
  role: MetricRole;
  better: "higher" | "lower";
  primary: boolean;
  /** The treatment. */
  arm: string;
  control: ArmEstimate;
  treatment: ArmEstimate;
  /** Null while an arm has fewer than two units, nothing varies, or a fixed horizon is not reached. */
  absolute: Interval | null;
  /** Relative to the control's mean; null where that is 0. */
  relative: Interval | null;
  /** Of this comparison alone. */
  p_value: number | null;
  /** Holm over treatments and goals, or over treatments and guardrails; null for signals. */
  adjusted_p_value: number | null;
  /** The intervals hold with probability 1 less this: the step of Holm at which the comparison stands. */
  interval_level: number;
  /** Null without a covariate. */
  cuped: {
    theta: number;
    /** Share of the difference's variance that the covariate took away, 0 to 1. */
    variance_reduction: number;
  } | null;
  bayes: BayesianView | null;
}

/** Evidence that the treatment is worse, from tests that may stop it at any time. */
export interface HarmEvidence {
  metric: string;
  arm: string;
  /** Pairs of one treatment and one control unit. */
  pairs: number;
  ln_evidence: number;
  /** Harm is found at this much. */
  ln_threshold: number;
  breached: boolean;
}

/** The experiment with every metric compared. */
export interface ExperimentResults {
  experiment: Experiment;
  running_hours: number;
  metrics: MetricComparison[];
  harm: HarmEvidence[];
}

export const experimentResults: z.ZodType<ExperimentResults> = z.object({
  experiment,
  running_hours: z.number(),
  metrics: z.array(
    z.object({
      metric: z.string(),
      kind: z.enum(METRIC_KINDS),
      role: z.enum(METRIC_ROLES),
      better: z.enum(["higher", "lower"]),
      primary: z.boolean(),
      arm: z.string(),
      control: armEstimate,
      treatment: armEstimate,
      absolute: interval.nullable(),
      relative: interval.nullable(),
      p_value: z.number().nullable(),
      adjusted_p_value: z.number().nullable(),
      interval_level: z.number(),
      cuped: z.object({ theta: z.number(), variance_reduction: z.number() }).nullable(),
      bayes: z
        .object({
          chance_to_win: z.number(),
          risk_of_treatment: z.number(),
          risk_of_control: z.number(),
          relative: interval,
        })
        .nullable(),
    }),
  ),
  harm: z.array(
    z.object({
      metric: z.string(),
      arm: z.string(),
      pairs: z.number().int(),
      ln_evidence: z.number(),
      ln_threshold: z.number(),
      breached: z.boolean(),
    }),
  ),
});

/** One look that was kept: what a metric of a treatment stood at. */
export interface ExperimentLook {
  at: string;
  running_hours: number;
  metric: string;
  arm: string;
  control: { units: number; mean: number | null };
  treatment: { units: number; mean: number | null };
  absolute: Interval | null;
  relative: Interval | null;
  adjusted_p_value: number | null;
}

const lookArm = z.object({ units: z.number().int(), mean: z.number().nullable() });

/** Oldest first. Looks are kept more sparsely the longer the experiment runs; the last one always. */
export const experimentLooks: z.ZodType<{ data: ExperimentLook[] }> = z.object({
  data: z.array(
    z.object({
      at: timestamp,
      running_hours: z.number(),
      metric: z.string(),
      arm: z.string(),
      control: lookArm,
      treatment: lookArm,
      absolute: interval.nullable(),
      relative: interval.nullable(),
      adjusted_p_value: z.number().nullable(),
    }),
  ),
});

export interface LooksQuery {
  metric?: string | undefined;
  arm?: string | undefined;
}

/** The primary metric unless named; every treatment unless one is named. */
export const looksQuery: z.ZodType<LooksQuery> = z.object({
  metric: z.string().max(64).optional(),
  arm: z.string().max(64).optional(),
});
