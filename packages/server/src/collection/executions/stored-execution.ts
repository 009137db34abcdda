import { type RawBuilder, sql } from "kysely";
import type { StoredExecution } from "../evidence-observer.ts";

/** A row of `agent_executions` with each column's name prefixed by `e_`; all null where an outer join found none. */
export type PrefixedExecution = {
  [column in keyof StoredExecution as `e_${column}`]: StoredExecution[column] | null;
};

/** The columns that later layers see, of the table aliased `e`, for the list of a SELECT. */
export const EXECUTION_COLUMNS: RawBuilder<PrefixedExecution> = sql.raw(
  [
    "id",
    "agent_id",
    "external_id",
    "version_id",
    "environment",
    "unit_id",
    "session_id",
    "user_id",
    "experiment_id",
    "rollout_id",
    "arm",
    "input_text",
    "output_text",
    "status",
    "error_type",
    "task_completed",
    "latency_ms",
    "prompt_tokens",
    "completion_tokens",
    "cost_usd",
    "created_at",
  ]
    .map((column) => `e.${column} AS e_${column}`)
    .join(", "),
);

/** The execution in a joined row, or null. */
export function toStoredExecution(row: PrefixedExecution): StoredExecution | null {
  if (row.e_id === null) return null;
  return {
    id: row.e_id,
    agent_id: row.e_agent_id ?? "",
    external_id: row.e_external_id ?? "",
    version_id: row.e_version_id,
    environment: row.e_environment ?? "",
    unit_id: row.e_unit_id,
    session_id: row.e_session_id,
    user_id: row.e_user_id,
    experiment_id: row.e_experiment_id,
    rollout_id: row.e_rollout_id,
    arm: row.e_arm,
    input_text: row.e_input_text ?? "",
    output_text: row.e_output_text,
    status: row.e_status ?? "succeeded",
    error_type: row.e_error_type,
    task_completed: row.e_task_completed,
    latency_ms: row.e_latency_ms,
    prompt_tokens: row.e_prompt_tokens,
    completion_tokens: row.e_completion_tokens,
    cost_usd: row.e_cost_usd,
    created_at: row.e_created_at ?? new Date(0),
  };
}
