import type { RecordExecution } from "@agent-learning/contract";
import type { NewExecution } from "./store.ts";

/** The row of an execution that a caller tells of. Costs are kept to a millionth of a dollar, as the column is. */
export function newExecution(input: {
  id: string;
  agentId: string;
  userId: string | null;
  execution: RecordExecution;
  now: Date;
}): NewExecution {
  const { execution } = input;
  const split = execution.split ?? null;
  const cost = execution.cost_usd ?? null;
  return {
    id: input.id,
    agent_id: input.agentId,
    external_id: execution.execution_id,
    version_id: execution.version_id ?? null,
    environment: execution.environment ?? "production",
    unit_id: execution.unit_id ?? null,
    session_id: execution.session_id ?? null,
    user_id: input.userId,
    experiment_id: split?.kind === "experiment" ? split.id : null,
    rollout_id: split?.kind === "rollout" ? split.id : null,
    arm: split?.arm ?? null,
    input_text: execution.input_text,
    input_context: execution.input_context ?? {},
    output_text: execution.output_text ?? null,
    status: execution.status,
    error_type: execution.error_type ?? null,
    error_message: execution.error_message ?? null,
    task_completed: execution.task_completed ?? null,
    latency_ms: execution.latency_ms ?? null,
    prompt_tokens: execution.prompt_tokens ?? null,
    completion_tokens: execution.completion_tokens ?? null,
    cost_usd: cost === null ? null : Math.round(cost * 1e6) / 1e6,
    metadata: execution.metadata ?? {},
    created_at: input.now,
  };
}
