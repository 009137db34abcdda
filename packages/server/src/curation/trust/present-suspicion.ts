import type { ContributionSuspicion, SuspicionStatus, TrustDetector } from "@agent-learning/contract";
import type { SuspicionRow } from "./store.ts";

export function presentSuspicion(row: SuspicionRow): ContributionSuspicion {
  return {
    id: row.id,
    agent_id: row.agent_id,
    detector: row.detector as TrustDetector,
    example_ids: row.example_ids as string[],
    contributor_ids: row.contributor_ids as string[],
    ln_p_value: row.ln_p_value,
    sentence: row.sentence,
    status: row.status as SuspicionStatus,
    decided_by: row.decided_by,
    decided_at: row.decided_at?.toISOString() ?? null,
    notes: row.notes,
    created_at: row.created_at.toISOString(),
  };
}
