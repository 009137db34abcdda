import type {
  DocumentSummary,
  Execution,
  ExecutionStatus,
  Feedback,
  FeedbackRevision,
  FeedbackType,
  Retrieval,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import type { LearningClient } from "../../client/learning-client.ts";
import { path } from "../../client/path.ts";
import { type LearningListQuery, type LearningQuery, listQuery, readQuery } from "./define-query.ts";

export interface FeedbackListParams {
  status?: Feedback["status"] | "all" | undefined;
  feedbackType?: FeedbackType | undefined;
  executionId?: string | undefined;
  /** Slug of an issue category that it names. */
  issue?: string | undefined;
  /** RFC 3339. */
  from?: string | undefined;
  to?: string | undefined;
  limit?: number | undefined;
}

/** An agent's feedback, newest first; live ones unless said. */
export function feedbackListQuery(
  client: LearningClient,
  agentId: string,
  params: FeedbackListParams = {},
): LearningListQuery<CamelCased<Feedback>> {
  return listQuery<Feedback>(client, "feedback", path`/agents/${agentId}/feedback`, params);
}

export function feedbackQuery(
  client: LearningClient,
  feedbackId: string,
): LearningQuery<CamelCased<Feedback>> {
  return readQuery<Feedback>(client, "feedback", path`/feedback/${feedbackId}`);
}

/** What a feedback was before each change. */
export function feedbackHistoryQuery(
  client: LearningClient,
  feedbackId: string,
): LearningQuery<CamelCased<{ feedback_id: string; revisions: FeedbackRevision[] }>> {
  return readQuery(client, "feedback", path`/feedback/${feedbackId}/history`);
}

export interface ExecutionListParams {
  status?: ExecutionStatus | undefined;
  versionId?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** Called by it, among the newest 1,000 that tell of tool calls. */
  tool?: string | undefined;
  limit?: number | undefined;
}

export function executionListQuery(
  client: LearningClient,
  agentId: string,
  params: ExecutionListParams = {},
): LearningListQuery<CamelCased<Execution>> {
  return listQuery<Execution>(client, "executions", path`/executions/${agentId}`, params);
}

/** An execution by our id or the caller's own. */
export function executionQuery(
  client: LearningClient,
  agentId: string,
  executionId: string,
): LearningQuery<CamelCased<Execution>> {
  return readQuery<Execution>(client, "executions", path`/executions/${agentId}/${executionId}`);
}

export function retrievalListQuery(
  client: LearningClient,
  agentId: string,
  params: { executionId?: string | undefined; limit?: number | undefined } = {},
): LearningListQuery<CamelCased<Retrieval>> {
  return listQuery<Retrieval>(client, "retrievals", path`/retrievals/${agentId}`, params);
}

/** Documents that the server finds chunks in, newest first, without their texts. */
export function documentListQuery(
  client: LearningClient,
  agentId: string,
  params: { limit?: number | undefined } = {},
): LearningListQuery<CamelCased<DocumentSummary>> {
  return listQuery<DocumentSummary>(client, "documents", path`/agents/${agentId}/documents`, params);
}
