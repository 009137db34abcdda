import type { AnnotationLease, AnnotationTask, TaskKind, TaskStatus } from "@agent-learning/contract";
import type { TaskRow } from "./store.ts";

/** A row as the wire shows it; without the fencing token, which is its holder's. */
export function presentTask(row: TaskRow): AnnotationTask {
  return {
    id: row.id,
    learning_example_id: row.learning_example_id,
    agent_id: row.agent_id,
    // A high number would give gold away.
    slot: row.is_gold ? 1 : row.slot,
    kind: row.kind as TaskKind,
    status: row.status as TaskStatus,
    priority: row.priority,
    queue_id: row.queue_id,
    claimed_by: row.claimed_by,
    lease_expires_at: row.lease_expires_at?.toISOString() ?? null,
    defer_reason: row.defer_reason,
    completed_at: row.completed_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}

/** What the person who claimed it gets. */
export function presentLease(row: TaskRow): AnnotationLease {
  return { ...presentTask(row), fencing_token: row.fencing_token };
}
