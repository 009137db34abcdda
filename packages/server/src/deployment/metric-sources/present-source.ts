import type { MetricSource } from "@agent-learning/contract";
import { outageOf } from "./outage.ts";
import type { MetricSourceRow } from "./store.ts";

/** A source as it is now. */
export function presentSource(row: MetricSourceRow, now: Date): MetricSource {
  const outage = outageOf(row, now);
  return {
    agent_id: row.agent_id,
    metric: row.metric,
    status: outage === null ? "healthy" : "failing",
    reason: outage,
    heartbeat_seconds: row.heartbeat_seconds,
    reported_at: row.reported_at.toISOString(),
  };
}
