import type { TenantContext } from "../context.ts";

/** An execution as it was stored. */
export interface StoredExecution {
  id: string;
  agent_id: string;
  external_id: string;
  version_id: string | null;
  environment: string;
  unit_id: string | null;
  session_id: string | null;
  user_id: string | null;
  experiment_id: string | null;
  rollout_id: string | null;
  arm: string | null;
  input_text: string;
  output_text: string | null;
  status: "succeeded" | "failed";
  error_type: string | null;
  task_completed: boolean | null;
  latency_ms: number | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  cost_usd: number | null;
  created_at: Date;
}

/** A feedback row as it was stored. */
export interface StoredFeedback {
  id: string;
  agent_id: string;
  execution_id: string;
  user_id: string;
  feedback_type: string;
  rating: number | null;
  feedback_text: string | null;
  correction_text: string | null;
  issue_categories: string[];
  dimensions: Record<string, number>;
  signal: string | null;
  satisfaction: number | null;
  created_at: Date;
}

/** `before` is null for new feedback, `after` for withdrawn feedback; both for an amendment. */
export interface FeedbackChange {
  execution: StoredExecution;
  before: StoredFeedback | null;
  after: StoredFeedback | null;
  /** Version of the agent's settings in the transaction, where it was read with the rest: who remembers them asks no more. */
  settingsVersion?: number;
}

/**
 * How later layers learn of evidence without collection knowing them. Called inside the transaction that stores the
 * evidence, once per new row, with batches: an observer that throws undoes the whole batch.
 */
export interface EvidenceObserver {
  executionsRecorded?(ctx: TenantContext, executions: readonly StoredExecution[]): Promise<void>;
  feedbackChanged?(ctx: TenantContext, changes: readonly FeedbackChange[]): Promise<void>;
}
