import type { StoredExecution } from "../evidence-observer.ts";
import { CounterBuilder, type Counters } from "../statistics/counters.ts";

/**
 * What one execution adds to the counters of its day. Latency in milliseconds, of succeeded and failed ones alike; cost in US
 * dollars; `tasks` are those of which the caller said whether they were completed.
 */
export function executionCounters(execution: StoredExecution): Counters {
  const counters = new CounterBuilder();
  const add = (metric: string, value?: number): void => {
    const names =
      execution.version_id === null ? [metric] : [metric, `version:${metric}:${execution.version_id}`];
    for (const name of names) {
      if (value === undefined) counters.count(name);
      else counters.value(name, value);
    }
  };
  // What runs on staging is a trial of ours, not production's health.
  if (execution.environment !== "production") return counters.build();
  add("executions");
  if (execution.experiment_id !== null || execution.rollout_id !== null) add("split_executions");
  if (execution.status === "failed") add("errors");
  if (execution.latency_ms !== null) add("latency_ms", execution.latency_ms);
  if (execution.cost_usd !== null) add("cost_usd", execution.cost_usd);
  if (execution.task_completed !== null) add("tasks");
  if (execution.task_completed === true) add("tasks_completed");
  return counters.build();
}
