import type { ExperimentMetric } from "@agent-learning/contract";
import { defaultMetrics } from "./resolve-metrics.ts";

/** The metrics of a stored experiment. */
export function metricsOf(row: { metrics: unknown; primary_metric: string }): ExperimentMetric[] {
  const stored = row.metrics as ExperimentMetric[];
  return stored.length > 0 ? stored : defaultMetrics(row.primary_metric);
}
