import type { ExperimentDecision, ExperimentWinner } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { bumpServingRevision, experimentArms } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import { changeExperiment, NOW } from "./store.ts";
import { type ExperimentRow, storedAnalysis } from "./stored-experiment.ts";

export interface ClosingDecision {
  decision: ExperimentDecision;
  notes: string | null;
  /** Null: the policy decides. */
  decidedBy: string | null;
  winner: ExperimentWinner | null;
  /** The treatment that won, or that is deployed all the same. */
  winningArm: string | null;
}

/** Ends the split, records the decision, and tells deployment. The caller holds the row, refreshed for the last time. */
export async function closeExperiment({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { row: ExperimentRow; closing: ClosingDecision };
}): Promise<ExperimentRow> {
  const { row, closing } = input;
  const winner = closing.winner ?? "none";
  const chosen = closing.decision === "deploy_treatment" ? (closing.winningArm ?? "treatment") : null;
  const versionId = experimentArms(row).find((arm) => arm.name === chosen)?.versionId ?? null;
  const decided = await changeExperiment(ctx, row.id, {
    status: "decided",
    winner,
    winning_arm: chosen,
    winning_version_id: versionId,
    decision: closing.decision,
    decision_notes: closing.notes,
    decided_by: closing.decidedBy,
    decided_at: NOW,
    ...(row.ended_at === null ? { ended_at: NOW } : {}),
    revision: row.revision + 1,
  });
  await bumpServingRevision({ ctx, input: { agentId: row.agent_id } });
  await writeAudit(ctx, {
    action: "experiment.decided",
    entityType: "experiment",
    entityId: row.id,
    data: {
      decision: closing.decision,
      winner,
      ...(chosen === null ? {} : { winning_arm: chosen }),
      significance: row.statistical_significance,
      samples: storedAnalysis(row).samples,
      by: closing.decidedBy === null ? "policy" : "person",
    },
  });
  for (const observer of ctx.services.experimentObservers) {
    await observer.experimentDecided(ctx, {
      id: row.id,
      agentId: row.agent_id,
      controlVersionId: row.control_version_id,
      treatmentVersionId: versionId ?? row.treatment_version_id,
      trainingRunId: row.training_run_id,
      decision: closing.decision,
      winner,
      significance: row.statistical_significance,
      decidedBy: closing.decidedBy,
    });
  }
  return decided;
}
