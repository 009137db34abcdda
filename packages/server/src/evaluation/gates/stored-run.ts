import type { AgentPolicy, EvaluationCheck, EvaluationRun } from "@agent-learning/contract";
import type { PendingAnswer } from "@agent-learning/learning";
import type { Selectable } from "kysely";
import type { EvaluationRunsTable } from "../../database/schema.ts";

export type RunRow = Selectable<EvaluationRunsTable>;

/** What a run was asked to do, as it is stored. */
export interface RunSettings {
  policy: Pick<AgentPolicy, "regression" | "safety">;
  /** Whether the baseline's answers are submitted as well. */
  awaitBaseline: boolean;
}

export const settingsOf = (row: RunRow): RunSettings => row.settings as unknown as RunSettings;
export const checksOf = (row: RunRow): EvaluationCheck[] => row.checks as unknown as EvaluationCheck[];
export const pendingOf = (row: RunRow): PendingAnswer[] => row.pending as unknown as PendingAnswer[];

/** A row as the wire shows it. */
export function presentRun(row: RunRow): EvaluationRun {
  return {
    id: row.id,
    agent_id: row.agent_id,
    candidate_version_id: row.candidate_version_id,
    baseline_version_id: row.baseline_version_id,
    training_run_id: row.training_run_id,
    status: row.status as EvaluationRun["status"],
    answered_by: row.answered_by as EvaluationRun["answered_by"],
    checks: checksOf(row),
    verdict: row.verdict as EvaluationRun["verdict"],
    sentence: row.sentence,
    error: row.error,
    pending_answers: pendingOf(row).length,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    completed_at: row.completed_at?.toISOString() ?? null,
  };
}
