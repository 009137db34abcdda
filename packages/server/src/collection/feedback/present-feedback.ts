import type { Feedback } from "@agent-learning/contract";
import type { FeedbackRow } from "./feedback-row.ts";

/** A row as the wire shows it. */
export function presentFeedback(
  row: FeedbackRow,
  executionExternalId: string,
  status: Feedback["status"] = row.status,
): Feedback {
  return {
    id: row.id,
    agent_id: row.agent_id,
    execution_id: executionExternalId,
    user_id: row.user_id,
    feedback_type: row.feedback_type,
    rating: row.rating,
    feedback_text: row.feedback_text,
    correction_text: row.correction_text,
    issue_categories: row.issue_categories,
    dimensions: row.dimensions,
    signal: row.signal,
    satisfaction: row.satisfaction,
    status,
    version: row.version,
    metadata: row.metadata,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
