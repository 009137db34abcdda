import type { AgentVersionConfig } from "@agent-learning/contract";
import type { RetrievalArtifact } from "@agent-learning/learning";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { createVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import type { Vetting } from "../candidate-observer.ts";
import { insertRankingReport } from "./report-store.ts";
import type { RunHandle } from "../training-runs/carry-out-run.ts";
import { askPeople } from "./spot-checks/ask-people.ts";
import type { PlannedCheck } from "./spot-checks/plan-spot-checks.ts";
import { insertArtifact } from "./store.ts";

/** Ends a run in which the order that is served stays. */
export async function keepRanking(
  handle: RunHandle,
  evidence: Record<string, number>,
  reasons: readonly string[],
  metrics: Record<string, unknown> = {},
): Promise<void> {
  await handle.change(
    {
      status: "completed",
      end: true,
      progressPercentage: 100,
      metrics: { ...metrics, evidence, outcome: "seed_kept", reasons },
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

interface Conclusion {
  handle: RunHandle;
  base: { id: string; config: AgentVersionConfig };
  config: AgentVersionConfig;
  /** Undefined where the version has none. */
  artifact: { id: string; hash: string; artifact: RetrievalArtifact } | undefined;
  /** What is better, in a sentence. */
  summary: string;
  /** What the gate found, for whoever decides. */
  report: object;
  bestMetrics: Record<string, number>;
  metrics: Record<string, unknown>;
  /** What the release gate says; undefined: it was not asked. */
  vetting: Vetting | undefined;
  /** What people are to look at; left out: nothing. */
  spotChecks?: { planned: readonly PlannedCheck[]; chunkingId: string | undefined; seed: number };
}

/** Ends a run with a candidate: what it ranks by, its version, the gates' reports and what later layers do with it, in one transaction. */
export async function concludeWithCandidate(conclusion: Conclusion): Promise<void> {
  const { handle, base, config, artifact: kept, summary, report, metrics, vetting, spotChecks } = conclusion;
  const { agent_id: agentId, id: runId } = handle.row;
  const verdict = vetting?.verdict === "failed" ? "reject" : "promote";
  const reasons =
    vetting === undefined || vetting.verdict === "passed" ? [summary] : [vetting.sentence, summary];
  const store = async (ctx: TenantContext): Promise<void> => {
    if (kept !== undefined) {
      const { id, hash, artifact } = kept;
      await insertArtifact(ctx, { id, agentId, trainingRunId: runId, contentHash: hash, artifact });
    }
    const { version } = await createVersion({
      ctx,
      input: {
        agentId,
        config,
        origin: "rag_training",
        parentVersionId: base.id,
        trainingRunId: runId,
        changeSummary: summary,
        report: { gate: report },
      },
    });
    await insertRankingReport(ctx, {
      agentId,
      candidateVersionId: version.id,
      baselineVersionId: base.id,
      trainingRunId: runId,
      verdict,
      report: { ...report, reasons },
    });
    await vetting?.store(ctx, version.id);
    await ctx.tx
      .updateTable("training_runs")
      .set({
        candidate_version_id: version.id,
        ...(kept === undefined
          ? {}
          : { model_artifact_path: `/api/learning/retrieval-artifacts/${kept.id}` }),
      })
      .where("organization_id", "=", ctx.organizationId)
      .where("id", "=", runId)
      .execute();
    await writeAudit(ctx, {
      action: "training-run.completed",
      entityType: "training_run",
      entityId: runId,
      data: {
        outcome: verdict,
        candidate_version_id: version.id,
        ...(kept === undefined ? {} : { artifact_id: kept.id, content_hash: kept.hash }),
      },
    });
    if (verdict === "reject") return;
    if (spotChecks !== undefined)
      await askPeople(ctx, { id: runId, agentId, ...spotChecks }, spotChecks.planned);
    for (const observer of ctx.services.candidateObservers) {
      await observer.candidateReady(ctx, {
        agentId,
        candidateVersionId: version.id,
        baselineVersionId: base.id,
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
      metrics: { ...metrics, outcome: verdict, reasons },
      bestMetrics: conclusion.bestMetrics,
    },
    { type: "completed", data: { outcome: verdict, reasons } },
    store,
  );
}
