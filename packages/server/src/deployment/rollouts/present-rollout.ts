import type {
  Environment,
  JsonValue,
  Rollout,
  RolloutEvent,
  RolloutExplanation,
  RolloutStage,
  RolloutStatus,
} from "@agent-learning/contract";
import type { RolloutEventRow, RolloutRow } from "./store.ts";

function explanation(value: RolloutRow["verdict"]): RolloutExplanation | null {
  const found = value as unknown as Partial<RolloutExplanation>;
  return found.verdict === undefined ? null : (found as RolloutExplanation);
}

/** A row as the wire shows it. */
export function presentRollout(row: RolloutRow): Rollout {
  return {
    id: row.id,
    agent_id: row.agent_id,
    environment: row.environment as Environment,
    baseline_version_id: row.baseline_version_id,
    candidate_version_id: row.candidate_version_id,
    experiment_id: row.experiment_id,
    training_run_id: row.training_run_id,
    status: row.status as RolloutStatus,
    stages: row.stages as unknown as RolloutStage[],
    stage: row.stage,
    share: row.share,
    stage_started_at: row.stage_started_at?.toISOString() ?? null,
    attempt: row.attempt,
    significance_level: row.significance_level,
    why: explanation(row.verdict),
    evaluated_at: row.evaluated_at?.toISOString() ?? null,
    rollback_reason: row.rollback_reason,
    started_at: row.started_at?.toISOString() ?? null,
    ended_at: row.ended_at?.toISOString() ?? null,
    version: row.version,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
  };
}

export function presentRolloutEvent(row: RolloutEventRow): RolloutEvent {
  return {
    version: row.version,
    event: row.event as RolloutEvent["event"],
    stage: row.stage,
    share: row.share,
    reason: row.reason,
    evidence: row.evidence as Record<string, JsonValue>,
    actor_kind: row.actor_kind as RolloutEvent["actor_kind"],
    actor_id: row.actor_id,
    created_at: row.created_at.toISOString(),
  };
}
