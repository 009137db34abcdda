import type {
  RecordExecution as WireExecution,
  RecordRetrieval as WireRetrieval,
  ReportedOutcome as WireOutcome,
  SubmitFeedback as WireFeedback,
} from "@agent-learning/contract";
import type { Environment, SplitMembership } from "../serving/types.ts";
import type { ExecutionRecord, Feedback, OutcomeRecord, Retrieval } from "./evidence.ts";

/** What the wire takes at most; longer texts are cut where cutting loses nothing that is learned from. */
const MAXIMUM_ERROR_TYPE = 100;
const MAXIMUM_ERROR_MESSAGE = 10_000;

function cut(text: string | null | undefined, length: number): string | null | undefined {
  return typeof text === "string" ? text.slice(0, length) : text;
}

// JSON has no NaN or infinity: an unmeasured number is no reason to lose the record.
function finite(value: number | null | undefined): number | null | undefined {
  return typeof value === "number" && !Number.isFinite(value) ? undefined : value;
}

/**
 * The execution in the contract's words. `undefined` fields fall away in JSON.
 * @throws TypeError without an input text
 */
export function executionToWire(
  record: ExecutionRecord,
  agentId: string,
  executionId: string,
  environment: Environment,
): WireExecution {
  if (typeof record.inputText !== "string" || record.inputText === "") {
    throw new TypeError("inputText must be a text of at least one character");
  }
  const failed = typeof record.errorType === "string" || typeof record.errorMessage === "string";
  return {
    agent_id: agentId,
    execution_id: executionId,
    version_id: record.versionId ?? record.resolution?.versionId,
    environment: record.environment ?? environment,
    unit_id: record.unitId,
    session_id: record.sessionId,
    user_id: record.userId,
    split: record.split ?? record.resolution?.split,
    input_text: record.inputText,
    input_context: record.inputContext,
    output_text: record.outputText,
    status: record.status ?? (failed ? "failed" : "succeeded"),
    error_type: record.errorType === "" ? undefined : cut(record.errorType, MAXIMUM_ERROR_TYPE),
    error_message: cut(record.errorMessage, MAXIMUM_ERROR_MESSAGE),
    task_completed: record.taskCompleted,
    latency_ms: finite(record.latencyMs),
    prompt_tokens: finite(record.promptTokens),
    completion_tokens: finite(record.completionTokens),
    cost_usd: finite(record.costUsd),
    metadata: record.metadata,
  };
}

export function feedbackToWire(feedback: Feedback, agentId: string): WireFeedback {
  return {
    agent_id: agentId,
    execution_id: feedback.executionId,
    user_id: feedback.userId,
    feedback_type: feedback.feedbackType,
    rating: feedback.rating,
    feedback_text: feedback.feedbackText,
    correction_text: feedback.correctionText,
    issue_categories: feedback.issueCategories,
    dimensions: feedback.dimensions,
    signal: feedback.signal,
    metadata: feedback.metadata,
  };
}

/** @param id of this outcome, unless it has its own: the server counts one id once */
export function outcomeToWire(
  outcome: OutcomeRecord,
  { kind, id }: Pick<SplitMembership, "kind" | "id">,
  outcomeId: string,
): WireOutcome {
  return {
    outcome_id: outcome.outcomeId ?? outcomeId,
    kind,
    id,
    unit_id: outcome.unitId,
    metric: outcome.metric,
    value: outcome.value,
    denominator: outcome.denominator,
  };
}

/** @param id of this retrieval: the server stores one id once */
export function retrievalToWire(retrieval: Retrieval, agentId: string, id: string): WireRetrieval {
  return {
    id,
    agent_id: agentId,
    execution_id: retrieval.executionId,
    query: retrieval.query,
    chunks: retrieval.chunks.map((chunk) => ({
      chunk_id: chunk.chunkId,
      rank: chunk.rank,
      score: finite(chunk.score),
      features: chunk.features,
      examination_probability: finite(chunk.examinationProbability),
      excerpt: chunk.excerpt,
    })),
    ranker_version: retrieval.rankerVersion,
  };
}
