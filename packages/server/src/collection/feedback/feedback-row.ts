import type { StoredExecution, StoredFeedback } from "../evidence-observer.ts";
import { satisfactionOf, type StoredContent } from "./feedback-content.ts";

/** A row of `agent_feedback`, typed as its checks have it. */
export interface FeedbackRow extends StoredContent {
  id: string;
  agent_id: string;
  execution_id: string;
  user_id: string;
  satisfaction: number | null;
  status: "live" | "withdrawn";
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** A feedback and the execution that it is about. */
export interface FeedbackWithExecution {
  feedback: FeedbackRow;
  execution: StoredExecution;
}

/** What a rater says for the first time, as a row. */
export function newFeedbackRow(input: {
  id: string;
  execution: StoredExecution;
  userId: string;
  content: StoredContent;
  version?: number;
  createdAt: Date;
}): FeedbackRow {
  return {
    id: input.id,
    agent_id: input.execution.agent_id,
    execution_id: input.execution.id,
    user_id: input.userId,
    ...input.content,
    satisfaction: satisfactionOf(input.content),
    status: "live",
    version: input.version ?? 1,
    created_at: input.createdAt,
    updated_at: input.createdAt,
  };
}

/** The row after its content was replaced. */
export function amendedRow(before: FeedbackRow, content: StoredContent, now: Date): FeedbackRow {
  return {
    ...before,
    ...content,
    satisfaction: satisfactionOf(content),
    version: before.version + 1,
    updated_at: now,
  };
}

/** What later layers see of a row. */
export function toStoredFeedback(row: FeedbackRow): StoredFeedback {
  return {
    id: row.id,
    agent_id: row.agent_id,
    execution_id: row.execution_id,
    user_id: row.user_id,
    feedback_type: row.feedback_type,
    rating: row.rating,
    feedback_text: row.feedback_text,
    correction_text: row.correction_text,
    issue_categories: row.issue_categories,
    dimensions: Object.fromEntries(
      Object.entries(row.dimensions).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    signal: row.signal,
    satisfaction: row.satisfaction,
    created_at: row.created_at,
  };
}

/** What history keeps of a row. */
export function snapshotOf(row: StoredContent & { satisfaction: number | null }): Record<string, unknown> {
  return {
    feedback_type: row.feedback_type,
    rating: row.rating,
    feedback_text: row.feedback_text,
    correction_text: row.correction_text,
    issue_categories: row.issue_categories,
    dimensions: row.dimensions,
    signal: row.signal,
    satisfaction: row.satisfaction,
    metadata: row.metadata,
  };
}

/** A row of `agent_feedback_history` to be written. */
export interface NewRevision {
  feedback_id: string;
  version: number;
  action: "amended" | "withdrawn";
  snapshot: Record<string, unknown>;
  actor_id: string | null;
  created_at: Date;
}

/** Keeps what `row` was, before it is changed. */
export function revisionOf(
  row: FeedbackRow,
  action: NewRevision["action"],
  actorId: string | null,
  now: Date,
): NewRevision {
  const snapshot = snapshotOf(row);
  return { feedback_id: row.id, version: row.version, action, snapshot, actor_id: actorId, created_at: now };
}
