import type { AnnotationQueue, QueueFilter, QueueOrdering } from "@agent-learning/contract";
import type { QueueRow } from "../annotations/index.ts";

export function presentQueue(row: QueueRow): AnnotationQueue {
  return {
    id: row.id,
    agent_id: row.agent_id,
    name: row.name,
    filter: row.filter as QueueFilter,
    overlap: row.overlap,
    ordering: row.ordering as QueueOrdering,
    guidelines: row.guidelines,
    gold_share: row.gold_share,
    is_active: row.is_active,
    version: row.version,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
