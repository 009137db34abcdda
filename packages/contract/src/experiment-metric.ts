import { z } from "zod";
import { metricName } from "./exposure.ts";

/**
 * - `binary`: outcomes of 0 and 1
 * - `mean`: outcomes that are numbers
 * - `ratio`: outcomes with a `denominator`; the sum of values over the sum of denominators
 * - `quantile`: a quantile of outcomes that are numbers of at least 0
 */
export const METRIC_KINDS = ["binary", "mean", "ratio", "quantile"] as const;
export type MetricKind = (typeof METRIC_KINDS)[number];

/**
 * - `goal`: decides the winner
 * - `guardrail`: a treatment that is worse in it cannot win
 * - `signal`: shown, decides nothing
 */
export const METRIC_ROLES = ["goal", "guardrail", "signal"] as const;
export type MetricRole = (typeof METRIC_ROLES)[number];

/** Metrics that executions and feedback bring by themselves. */
export const BUILT_IN_METRICS = [
  "error_rate",
  "satisfaction",
  "latency_ms",
  "task_completion",
  "tokens",
  "cost_usd",
] as const;
export type BuiltInMetric = (typeof BUILT_IN_METRICS)[number];

/** Where a metric's values come from: a built-in one, or `outcome`, reported by its name to `POST …/outcomes`. */
export const VALUE_SOURCES = [
  "error_rate",
  "satisfaction",
  "latency_ms",
  "task_completion",
  "tokens",
  "cost_usd",
  "outcome",
] as const;
export type ValueSource = (typeof VALUE_SOURCES)[number];

export interface ExperimentMetric {
  name: string;
  kind: MetricKind;
  /** Which way it should move. */
  better: "higher" | "lower";
  role: MetricRole;
  source: ValueSource;
  /**
   * Of what it is a mean. `outcome`: of the outcomes, with the unit as their cluster. `unit`: of all exposed units, each with the sum
   * of its outcomes (binary: whether any was 1), 0 without one.
   */
  per: "outcome" | "unit";
  /** In (0, 1); null but for kind `quantile`. */
  quantile: number | null;
  /** Variance is reduced by the values that units had before the experiment (CUPED), as far as exposures tell them. */
  covariate: boolean;
}

/** What is left out of a built-in metric is known; a metric of one's own names its source. */
export interface DeclaredMetric {
  name: string;
  kind?: MetricKind | undefined;
  better?: "higher" | "lower" | undefined;
  role: MetricRole;
  source?: ValueSource | undefined;
  per?: "outcome" | "unit" | undefined;
  quantile?: number | undefined;
  covariate: boolean;
}

const better = z.enum(["higher", "lower"]);
const per = z.enum(["outcome", "unit"]);

export const declaredMetric: z.ZodType<DeclaredMetric> = z.object({
  name: metricName,
  kind: z.enum(METRIC_KINDS).optional(),
  better: better.optional(),
  role: z.enum(METRIC_ROLES).default("signal"),
  source: z.enum(VALUE_SOURCES).optional(),
  per: per.optional(),
  quantile: z.number().optional(),
  covariate: z.boolean().default(false),
});

export const experimentMetric: z.ZodType<ExperimentMetric> = z.object({
  name: z.string(),
  kind: z.enum(METRIC_KINDS),
  better,
  role: z.enum(METRIC_ROLES),
  source: z.enum(VALUE_SOURCES),
  per,
  quantile: z.number().nullable(),
  covariate: z.boolean(),
});
