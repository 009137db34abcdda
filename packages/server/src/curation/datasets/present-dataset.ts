import type {
  Dataset,
  DatasetCard,
  DatasetDetail,
  DatasetStatus,
  SplitShares,
} from "@agent-learning/contract";
import type { StoredSelection } from "./build-items.ts";
import type { DatasetRow } from "./store.ts";

/** A row as lists show it. */
export function presentDataset(row: DatasetRow): Dataset {
  const { split: _shares, ...selection } = row.selection as unknown as StoredSelection;
  return {
    id: row.id,
    agent_id: row.agent_id,
    name: row.name,
    description: row.description,
    version: row.version,
    agent_ids: (row.agent_ids ?? []) as string[],
    domains: (row.domains ?? []) as string[],
    task_types: (row.task_types ?? []) as string[],
    total_examples: row.total_examples ?? 0,
    positive_examples: row.positive_examples ?? 0,
    negative_examples: row.negative_examples ?? 0,
    correction_examples: row.correction_examples ?? 0,
    avg_quality_score: row.avg_quality_score,
    human_verified_percentage: row.human_verified_percentage,
    status: (row.status ?? "draft") as DatasetStatus,
    selection,
    agreement: row.agreement,
    doubly_annotated: row.doubly_annotated,
    content_hash: row.content_hash,
    supersedes_id: row.supersedes_id,
    erased_items: row.erased_items,
    original_content_hash: row.original_content_hash,
    split_salt: row.split_salt,
    split_counts: row.split_counts as unknown as SplitShares,
    frozen_at: row.frozen_at?.toISOString() ?? null,
    revision: row.revision,
    created_by: row.created_by,
    created_at: (row.created_at ?? new Date(0)).toISOString(),
    updated_at: (row.updated_at ?? new Date(0)).toISOString(),
  };
}

/** With its card. */
export function presentDatasetDetail(row: DatasetRow): DatasetDetail {
  return { ...presentDataset(row), card: row.card as unknown as DatasetCard };
}
