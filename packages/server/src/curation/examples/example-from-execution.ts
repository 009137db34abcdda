import type { AgentLearningConfig, AgentPolicy, ExampleType } from "@agent-learning/contract";

/** What of an execution decides whether it becomes an example by itself. */
export interface ExecutionEvidence {
  status: string;
  /** `metadata.confidence` as the caller sent it. */
  confidence: unknown;
}

/** A confidence that can be used: a number from 0 to 1. */
export function readConfidence(value: unknown): number | null {
  return typeof value === "number" && value >= 0 && value <= 1 ? value : null;
}

/**
 * The type of example that an execution makes without anybody's vote, or null. Both need `learning_enabled` and
 * `auto_collect`.
 *
 * - A failed one makes a `failure`.
 * - A successful one makes an `edge_case` when its own agent doubted it: the caller sent `metadata.confidence`, and it is
 *   below the policy's `edge_case_confidence`. Nothing is guessed from the texts.
 */
export function exampleFromExecution(
  config: AgentLearningConfig,
  policy: Pick<AgentPolicy["training"], "edge_case_confidence">,
  execution: ExecutionEvidence,
): Extract<ExampleType, "failure" | "edge_case"> | null {
  if (!config.learning_enabled || !config.feedback_collection.auto_collect) return null;
  if (execution.status === "failed") return "failure";
  const confidence = readConfidence(execution.confidence);
  return confidence !== null && confidence < policy.edge_case_confidence ? "edge_case" : null;
}
