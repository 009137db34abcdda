import type {
  FineTuningPhase,
  JsonValue,
  TrainingRun,
  TrainingStatus,
  TrainingType,
} from "@agent-learning/contract";
import type { Selectable } from "kysely";
import type { TrainingRunsTable } from "../../database/schema.ts";

export type TrainingRunRow = Selectable<TrainingRunsTable>;

type JsonRecord = Record<string, JsonValue>;

/** A row as the wire shows it. */
export function presentTrainingRun(row: TrainingRunRow): TrainingRun {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    agent_id: row.agent_id,
    dataset_id: row.dataset_id,
    training_type: row.training_type as TrainingType,
    config: row.config as JsonRecord,
    hyperparameters: row.hyperparameters as JsonRecord | null,
    status: (row.status ?? "pending") as TrainingStatus,
    phase: row.phase as FineTuningPhase | null,
    progress_percentage: row.progress_percentage ?? 0,
    current_step: row.current_step,
    total_steps: row.total_steps,
    metrics: (row.metrics ?? {}) as JsonRecord,
    best_metrics: row.best_metrics as JsonRecord | null,
    model_artifact_path: row.model_artifact_path,
    prompt_artifact_path: row.prompt_artifact_path,
    logs_path: row.logs_path,
    started_at: row.started_at?.toISOString() ?? null,
    completed_at: row.completed_at?.toISOString() ?? null,
    requires_review: row.requires_review ?? true,
    reviewed_by: row.reviewed_by,
    reviewed_at: row.reviewed_at?.toISOString() ?? null,
    review_status: row.review_status as TrainingRun["review_status"],
    review_notes: row.review_notes,
    base_version_id: row.base_version_id,
    candidate_version_id: row.candidate_version_id,
    error: row.error as JsonRecord | null,
    created_by: row.created_by,
    launched_by: row.launched_by,
    created_at: (row.created_at ?? new Date(0)).toISOString(),
  };
}
