import type { AgentVersionConfig } from "@agent-learning/contract";
import type { FinalistReport, OptimizationResult } from "@agent-learning/learning";
import { createVersion } from "../../administration/versions/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { markExamplesUsed } from "../../curation/datasets/index.ts";
import type { RunHandle } from "../training-runs/carry-out-run.ts";
import { insertGateReport } from "./store.ts";
import { withCandidate } from "./to-candidate.ts";

interface Conclusion {
  handle: RunHandle;
  datasetId: string;
  result: OptimizationResult;
}

function searchMetrics(result: OptimizationResult): Record<string, unknown> {
  return {
    trials: result.trials.slice(0, 50),
    stopped_because: result.stoppedBecause,
    notes: result.notes,
    contradictions: result.contradictions.length,
    ledger: result.ledger,
  };
}

/** Ends a run in which the seed stays: nothing else was better, or nothing could be tried. */
export async function keepSeed(
  handle: RunHandle,
  reasons: readonly string[],
  result?: OptimizationResult,
): Promise<void> {
  await handle.change(
    {
      status: "completed",
      end: true,
      progressPercentage: 100,
      metrics: { outcome: "seed_kept", reasons, ...(result === undefined ? {} : searchMetrics(result)) },
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

/** Numbers of one gate as a page or a person reads them. */
function gateMetrics({
  comparison,
  proof,
  verdict,
  reasons,
  attempt,
}: FinalistReport): Record<string, unknown> {
  return {
    verdict,
    reasons,
    attempt,
    rows: comparison.rows,
    wins: comparison.wins,
    losses: comparison.losses,
    baseline_score: comparison.seedMean,
    candidate_score: comparison.candidateMean,
    difference: comparison.difference,
    interval: comparison.interval,
    p_value: proof.pValue,
    level: proof.level,
  };
}

/**
 * Ends a run with a candidate: its version, the gate's report, the run's metrics, the use of the examples, and what later layers do
 * with it, all in one transaction.
 */
export async function concludeWithCandidate(
  conclusion: Conclusion & {
    base: { id: string; config: AgentVersionConfig };
    best: FinalistReport;
    affectedShare: number | null;
    evaluatorName: string;
    unmeasured: readonly unknown[];
  },
): Promise<void> {
  const { handle, datasetId, result, base, best, affectedShare } = conclusion;
  const { agent_id: agentId, id: runId } = handle.row;
  const gate = gateMetrics(best);
  const store = async (ctx: TenantContext): Promise<void> => {
    const { version } = await createVersion({
      ctx,
      input: {
        agentId,
        config: withCandidate(base.config, best.candidate),
        origin: "prompt_optimization",
        parentVersionId: base.id,
        trainingRunId: runId,
        changeSummary: best.reasons[0] ?? null,
        report: { gate, evaluator: conclusion.evaluatorName },
        affectedQueryShare: affectedShare,
      },
    });
    await insertGateReport(ctx, {
      agentId,
      candidateVersionId: version.id,
      baselineVersionId: base.id,
      trainingRunId: runId,
      datasetId,
      verdict: best.verdict,
      report: {
        ...gate,
        checks: best.checks,
        changed_share: best.changedShare,
        rows_compared: best.rows.map(presentRow),
      },
    });
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
      data: { outcome: best.verdict, candidate_version_id: version.id, dataset_id: datasetId },
    });
    if (best.verdict === "reject") return;
    for (const observer of ctx.services.candidateObservers) {
      await observer.candidateReady(ctx, {
        agentId,
        candidateVersionId: version.id,
        baselineVersionId: base.id,
        trainingRunId: runId,
        verdict: best.verdict,
        reasons: best.reasons,
      });
    }
  };
  await handle.change(
    {
      status: "completed",
      end: true,
      progressPercentage: 100,
      metrics: {
        outcome: best.verdict,
        gate,
        affected_query_share: affectedShare,
        unmeasured_goals: conclusion.unmeasured,
        ...searchMetrics(result),
      },
      bestMetrics: { score: best.comparison.candidateMean, baseline_score: best.comparison.seedMean },
    },
    { type: "completed", data: { outcome: best.verdict, reasons: best.reasons } },
    store,
  );
}

function presentRow({ rowId, seed, candidate }: FinalistReport["rows"][number]): Record<string, unknown> {
  return { row_id: rowId, baseline_score: seed.score, candidate_score: candidate.score };
}
