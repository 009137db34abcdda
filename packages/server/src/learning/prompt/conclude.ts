import type { AgentVersionConfig, PreferenceSignal } from "@agent-learning/contract";
import type { FinalistReport, Ledger, OptimizationResult } from "@agent-learning/learning";
import { createVersion } from "../../administration/versions/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { markExamplesUsed } from "../../curation/datasets/index.ts";
import type { SpendingMeter } from "../budgets/index.ts";
import type { Vetting } from "../candidate-observer.ts";
import type { RunHandle } from "../training-runs/carry-out-run.ts";
import { answerTokens, presentRows } from "./present-rows.ts";
import { insertGateReport } from "./store.ts";
import { withCandidate } from "./to-candidate.ts";

/** A candidate that the release gate refused is rejected, whatever the rows say. */
function withVetting(best: FinalistReport, vetting: Vetting | undefined): FinalistReport {
  if (vetting === undefined || vetting.verdict === "passed") return best;
  const verdict = vetting.verdict === "failed" ? "reject" : best.verdict;
  return { ...best, verdict, reasons: [vetting.sentence, ...best.reasons] };
}

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
  meter: SpendingMeter,
  result?: OptimizationResult,
): Promise<void> {
  const spent = await meter.total();
  await handle.change(
    {
      status: "completed",
      end: true,
      progressPercentage: 100,
      metrics: {
        outcome: "seed_kept",
        reasons,
        spent,
        ...(result === undefined ? {} : searchMetrics(result)),
      },
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
  rows,
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
    answer_tokens: answerTokens(rows),
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
    /** What the release gate says; undefined: it was not asked. */
    vetting: Vetting | undefined;
    affectedShare: number | null;
    preference: PreferenceSignal;
    evaluatorName: string;
    unmeasured: readonly unknown[];
    meter: SpendingMeter;
    /** What the gate's own answers and judges took. */
    ledger: Ledger;
    /** What judges said, and how far it can be believed. */
    judges: readonly Record<string, unknown>[];
  },
): Promise<void> {
  const { handle, datasetId, result, base, affectedShare, vetting, preference } = conclusion;
  const spent = await conclusion.meter.total();
  const best = withVetting(conclusion.best, vetting);
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
        report: { gate, preference, evaluator: conclusion.evaluatorName },
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
        preference,
        checks: best.checks,
        changed_share: best.changedShare,
        rows_compared: presentRows(best.rows),
      },
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
        preference,
        affected_query_share: affectedShare,
        spent,
        gate_ledger: conclusion.ledger.toJSON(),
        unmeasured_goals: conclusion.unmeasured,
        ...(conclusion.judges.length === 0 ? {} : { judges: conclusion.judges }),
        ...searchMetrics(result),
      },
      bestMetrics: { score: best.comparison.candidateMean, baseline_score: best.comparison.seedMean },
    },
    { type: "completed", data: { outcome: best.verdict, reasons: best.reasons } },
    store,
  );
}
