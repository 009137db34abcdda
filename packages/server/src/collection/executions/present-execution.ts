import type { Execution, ExecutionSplit, JsonValue } from "@agent-learning/contract";
import type { Selectable } from "kysely";
import type { AgentExecutionsTable } from "../../database/schema.ts";

function splitOf(row: Selectable<AgentExecutionsTable>): ExecutionSplit | null {
  const id = row.experiment_id ?? row.rollout_id;
  if (id === null || row.arm === null) return null;
  return { kind: row.experiment_id === null ? "rollout" : "experiment", id, arm: row.arm };
}

/** A row as the wire shows it. */
export function presentExecution(row: Selectable<AgentExecutionsTable>): Execution {
  return {
    id: row.id,
    agent_id: row.agent_id,
    execution_id: row.external_id,
    version_id: row.version_id,
    environment: row.environment as Execution["environment"],
    unit_id: row.unit_id,
    session_id: row.session_id,
    user_id: row.user_id,
    split: splitOf(row),
    input_text: row.input_text,
    input_context: row.input_context as Record<string, JsonValue>,
    output_text: row.output_text,
    status: row.status as Execution["status"],
    error_type: row.error_type,
    error_message: row.error_message,
    task_completed: row.task_completed,
    latency_ms: row.latency_ms,
    prompt_tokens: row.prompt_tokens,
    completion_tokens: row.completion_tokens,
    cost_usd: row.cost_usd,
    metadata: row.metadata as Record<string, JsonValue>,
    created_at: row.created_at.toISOString(),
  };
}
