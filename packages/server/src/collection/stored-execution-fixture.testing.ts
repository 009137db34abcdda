import type { StoredExecution } from "./evidence-observer.ts";

/** A succeeded execution of which nothing more is known. */
export function aStoredExecution(change: Partial<StoredExecution> = {}): StoredExecution {
  return {
    id: "execution",
    agent_id: "agent",
    external_id: "abc-123",
    version_id: null,
    environment: "production",
    unit_id: null,
    session_id: null,
    user_id: null,
    experiment_id: null,
    rollout_id: null,
    arm: null,
    input_text: "in",
    output_text: "out",
    status: "succeeded",
    error_type: null,
    task_completed: null,
    latency_ms: null,
    prompt_tokens: null,
    completion_tokens: null,
    cost_usd: null,
    created_at: new Date(0),
    ...change,
  };
}
