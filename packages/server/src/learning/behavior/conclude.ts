import type { PreferenceSignal } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { createVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import { markExamplesUsed } from "../../curation/datasets/index.ts";
import { insertGateReport } from "../prompt/store.ts";
import type { RunHandle } from "../training-runs/carry-out-run.ts";
import type { GatedBehavior } from "./gate-candidate.ts";
import type { BehaviorDiff } from "./next-candidate.ts";

/** Ends a run after which the agent stays as it is. */
export async function keepBehavior(
  handle: RunHandle,
  reasons: readonly string[],
  metrics: Record<string, unknown> = {},
): Promise<void> {
  await handle.change(
    {
      status: "completed",
      end: true,
      progressPercentage: 100,
      metrics: { ...metrics, outcome: "seed_kept", reasons },
    },
    { type: "completed", data: { outcome: "seed_kept", reasons } },
    (ctx) =>
      writeAudit(ctx, {
        action: "training-run.completed",
        entityType: "training_run",
        entityId: handle.row.id,
        data: { outcome: "seed_kept" },
      }),
  );
}

/**
 * Ends a run with a candidate, in one transaction: its version, which needs a reviewer's approval before it is released, the gate's
 * report, the use of the examples, and what later layers do with it.
 */
export async function concludeBehavior({
  handle,
  baseId,
  datasetId,
  gated,
  diff,
  metrics,
  preference,
}: {
  handle: RunHandle;
  baseId: string;
  datasetId: string;
  gated: GatedBehavior;
  diff: BehaviorDiff;
  metrics: Record<string, unknown>;
  preference: PreferenceSignal;
}): Promise<void> {
  const { agent_id: agentId, id: runId } = handle.row;
  const { verdict, gate, vetting } = gated;
  // Never the first reason: it decides nothing.
  const reasons = [...gated.reasons, preference.sentence];
  const { rows_compared: rowsCompared, ...numbers } = gate ?? {};
  const summary = `${diff.rules_added.length} rules and ${diff.demonstrations_added.length} demonstrations of experts added, ${diff.rules_removed.length} and ${diff.demonstrations_removed.length} taken out. ${reasons[0] ?? ""}`;
  const store = async (ctx: TenantContext): Promise<void> => {
    const { version } = await createVersion({
      ctx,
      input: {
        agentId,
        config: gated.config,
        origin: "behavior_learning",
        parentVersionId: baseId,
        trainingRunId: runId,
        changeSummary: summary.trim(),
        report: { gate: numbers, preference, diff },
        affectedQueryShare: gated.affectedShare,
      },
    });
    await insertGateReport(ctx, {
      agentId,
      candidateVersionId: version.id,
      baselineVersionId: baseId,
      trainingRunId: runId,
      datasetId,
      verdict,
      report: { ...numbers, reasons, preference, rows_compared: rowsCompared ?? [] },
    });
    await vetting?.store(ctx, version.id);
    await markExamplesUsed(ctx, datasetId);
    await ctx.tx
      .updateTable("training_runs")
      .set({
        candidate_version_id: version.id,
        prompt_artifact_path: `/api/learning/agents/${agentId}/versions/${version.id}`,
      })
      .where("organization_id", "=", ctx.organizationId)
      .where("id", "=", runId)
      .execute();
    await writeAudit(ctx, {
      action: "training-run.completed",
      entityType: "training_run",
      entityId: runId,
      data: { outcome: verdict, candidate_version_id: version.id, dataset_id: datasetId },
    });
    if (verdict === "reject") return;
    for (const observer of ctx.services.candidateObservers) {
      await observer.candidateReady(ctx, {
        agentId,
        candidateVersionId: version.id,
        baselineVersionId: baseId,
        trainingRunId: runId,
        verdict,
        reasons,
      });
    }
  };
  await handle.change(
    {
      status: "completed",
      end: true,
      progressPercentage: 100,
      metrics: {
        ...metrics,
        outcome: verdict,
        reasons,
        gate: numbers,
        affected_query_share: gated.affectedShare,
        preference,
        diff,
      },
    },
    { type: "completed", data: { outcome: verdict, reasons } },
    store,
  );
}
