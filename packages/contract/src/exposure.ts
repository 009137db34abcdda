import { z } from "zod";
import { externalId, uuid } from "./identifiers.ts";

/** What is measured of a unit. Satisfaction and shares lie in 0 to 1, latency is in milliseconds. */
export const UNIT_METRICS = ["error_rate", "satisfaction", "latency_ms", "task_completion"] as const;
export type UnitMetric = (typeof UNIT_METRICS)[number];

/** A unit was given the version of an arm. */
export interface ReportedExposure {
  kind: "experiment" | "rollout";
  /** The experiment or rollout. */
  id: string;
  unit_id: string;
  arm: string;
}

const reportedExposure: z.ZodType<ReportedExposure> = z.object({
  kind: z.enum(["experiment", "rollout"]),
  id: uuid,
  unit_id: externalId,
  arm: z.string().min(1).max(64),
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
  metric: UnitMetric;
  value: number;
}

const reportedOutcome: z.ZodType<ReportedOutcome> = z
  .object({
    outcome_id: externalId,
    kind: z.enum(["experiment", "rollout"]),
    id: uuid,
    unit_id: externalId,
    metric: z.enum(UNIT_METRICS),
    value: z.number().min(0).max(1e9),
  })
  .refine((outcome) => outcome.metric === "latency_ms" || outcome.value <= 1, {
    path: ["value"],
    error: "must lie between 0 and 1 for this metric",
  })
  .refine(({ metric, value }) => !["error_rate", "task_completion"].includes(metric) || value % 1 === 0, {
    path: ["value"],
    error: "must be 0 or 1 for this metric: one outcome is one execution",
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
