import { z } from "zod";
import { externalId, uuid } from "./identifiers.ts";

/** What is measured of every unit. Satisfaction and shares lie in 0 to 1, latency is in milliseconds. */
export const UNIT_METRICS = ["error_rate", "satisfaction", "latency_ms", "task_completion"] as const;
export type UnitMetric = (typeof UNIT_METRICS)[number];

/** A metric of a unit: one of `UNIT_METRICS`, `cost_usd`, or one of the caller's own whose outcomes are reported. */
export const metricName: z.ZodType<string> = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, "must be lower-case letters, digits and _, at most 64")
  .refine((name) => name !== "exposure", { error: "is reserved: exposures are counted by themselves" });

/** A unit was given the version of an arm. */
export interface ReportedExposure {
  kind: "experiment" | "rollout";
  /** The experiment or rollout. */
  id: string;
  unit_id: string;
  arm: string;
  /** When it was, if not now. */
  occurred_at?: string | undefined;
  /** Values that the unit had before it was exposed, by metric that was declared with a covariate. The first one told stays. */
  covariates?: Record<string, number> | undefined;
}

const moment = z.iso.datetime({ offset: true });

const reportedExposure: z.ZodType<ReportedExposure> = z.object({
  kind: z.enum(["experiment", "rollout"]),
  id: uuid,
  unit_id: externalId,
  arm: z.string().min(1).max(64),
  occurred_at: moment.optional(),
  covariates: z.record(z.string().max(64), z.number()).optional(),
});

export interface ReportExposures {
  exposures: ReportedExposure[];
}

/** For callers who record no executions: recording an execution with a split is its exposure. */
export const reportExposures: z.ZodType<ReportExposures> = z.object({
  exposures: z.array(reportedExposure).min(1).max(500),
});

export interface ExposureReceipt {
  /** Units seen for the first time. */
  recorded: number;
  /** Units known before, and repeated ones within the call. */
  known: number;
  /** Units that were seen in another arm before: they stay in their first one. */
  crossed_over: number;
}

export const exposureReceipt: z.ZodType<ExposureReceipt> = z.object({
  recorded: z.number().int(),
  known: z.number().int(),
  crossed_over: z.number().int(),
});

export interface ReportedOutcome {
  /** The caller's id: the same outcome reported twice counts once. */
  outcome_id: string;
  kind: "experiment" | "rollout";
  id: string;
  unit_id: string;
  /** One of the experiment's metrics; of a rollout, a built-in one or a name of the caller's own. */
  metric: string;
  value: number;
  /** Of a ratio metric, and of no other. */
  denominator?: number | undefined;
  /** When it was, if not now; not before the unit's exposure. */
  occurred_at?: string | undefined;
}

const reportedOutcome: z.ZodType<ReportedOutcome> = z.object({
  outcome_id: externalId,
  kind: z.enum(["experiment", "rollout"]),
  id: uuid,
  unit_id: externalId,
  metric: metricName,
  value: z.number(),
  denominator: z.number().optional(),
  occurred_at: moment.optional(),
});

export interface ReportOutcomes {
  outcomes: ReportedOutcome[];
}

export const reportOutcomes: z.ZodType<ReportOutcomes> = z.object({
  outcomes: z.array(reportedOutcome).min(1).max(500),
});

export interface OutcomeReceipt {
  recorded: number;
  /** Reported before, with the same content. */
  known: number;
}

export const outcomeReceipt: z.ZodType<OutcomeReceipt> = z.object({
  recorded: z.number().int(),
  known: z.number().int(),
});
