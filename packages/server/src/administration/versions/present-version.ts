import {
  type AgentVersion,
  agentVersionConfig,
  type AgentVersionSummary,
  type JsonValue,
  type VersionOrigin,
  type VersionReviewStatus,
} from "@agent-learning/contract";
import type { VersionRow, VersionSummaryRow } from "./store.ts";

/** A row as a list shows it. */
export function presentVersionSummary(row: VersionSummaryRow): AgentVersionSummary {
  return {
    id: row.id,
    agent_id: row.agent_id,
    number: row.number,
    parent_version_id: row.parent_version_id,
    content_hash: row.content_hash,
    origin: row.origin as VersionOrigin,
    training_run_id: row.training_run_id,
    change_summary: row.change_summary,
    affected_query_share: row.affected_query_share,
    evidence_erased_at: row.evidence_erased_at?.toISOString() ?? null,
    review_status: row.review_status as VersionReviewStatus,
    reviewed_by: row.reviewed_by,
    reviewed_at: row.reviewed_at?.toISOString() ?? null,
    review_notes: row.review_notes,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
  };
}

/** A row with its config and report. */
export function presentVersion(row: VersionRow): AgentVersion {
  return {
    ...presentVersionSummary(row),
    config: agentVersionConfig.parse(row.config),
    report: row.report as Record<string, JsonValue>,
  };
}
