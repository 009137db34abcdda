import { z } from "zod";
import { uuid } from "./identifiers.ts";
import { timestamp } from "./pagination.ts";

export const METRIC_SOURCE_STATUSES = ["healthy", "failing"] as const;

/** What is known of the place that an agent's metric comes from. A rollout concludes nothing from the silence of one that is failing. */
export interface MetricSource {
  agent_id: string;
  metric: string;
  /** As things stand now: one that missed its heartbeat is failing, whatever it said. */
  status: (typeof METRIC_SOURCE_STATUSES)[number];
  /** Why it is failing; null while it is healthy. */
  reason: string | null;
  /** It reports at least this often; null: it stays as it was last reported. */
  heartbeat_seconds: number | null;
  reported_at: string;
}

export const metricSource: z.ZodType<MetricSource> = z.object({
  agent_id: uuid,
  metric: z.string(),
  status: z.enum(METRIC_SOURCE_STATUSES),
  reason: z.string().nullable(),
  heartbeat_seconds: z.number().int().nullable(),
  reported_at: timestamp,
});

export interface ReportMetricSource {
  status: (typeof METRIC_SOURCE_STATUSES)[number];
  reason?: string | undefined;
  heartbeat_seconds?: number | undefined;
}

/** How the source of a metric is. With `heartbeat_seconds`, silence of twice that long counts as failing. */
export const reportMetricSource: z.ZodType<ReportMetricSource> = z.object({
  status: z.enum(METRIC_SOURCE_STATUSES),
  reason: z.string().trim().min(1).max(300).optional(),
  heartbeat_seconds: z.number().int().min(5).max(604_800).optional(),
});
