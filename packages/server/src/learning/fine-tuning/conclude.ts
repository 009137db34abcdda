import type { AgentVersionConfig, JsonValue, PreferenceSignal } from "@agent-learning/contract";
import { createVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import { markExamplesUsed } from "../../curation/datasets/index.ts";
import type { Vetting } from "../candidate-observer.ts";
import { presentRows } from "../prompt/present-rows.ts";
import { insertGateReport } from "../prompt/store.ts";
import { RunLost } from "../training-runs/carry-out-run.ts";
import type { TrainingRunRow } from "../training-runs/present-training-run.ts";
import type { Step } from "./advance.ts";
import { datasetOf, type StoredFile } from "./backends/backend.ts";
import { judgeEmbedding } from "./embedding/judge-embedding.ts";
import { failRun } from "./fail.ts";
import { type Move, moveRun } from "./move.ts";
import type { Comparison } from "./score-answers.ts";
import { insertArtifacts } from "./store.ts";

export interface Judged {
  config: AgentVersionConfig;
  comparison: Comparison;
  affectedShare: number | null;
  vetting: Vetting | undefined;
  /** What the model of people's preferences says of the answers: decides nothing. */
  preference: PreferenceSignal;
}

interface Made {
  files: readonly StoredFile[];
  metrics: Record<string, JsonValue>;
}

/** What made no version: a reward model or an adapter of embeddings, which waits for its review, or nothing at all. */
export async function concludeWithoutVersion(step: Step, { files, metrics }: Made): Promise<void> {
  const { ctx, row, backend, plan } = step;
  const gate = plan.settings.method === "embedding" ? judgeEmbedding(metrics["trainer"]) : undefined;
  const refusal =
    files.length === 0
      ? "There was nothing to learn from the dataset that the agent does not know already."
      : gate?.refusal;
  if (refusal !== undefined) {
    const measured = gate === undefined ? metrics : { ...metrics, gate: { ...gate } };
    await failRun(ctx, row, backend, plan, { kind: "evaluation", message: refusal }, { metrics: measured });
    return;
  }
  await ctx.transact(async (tenant) => {
    await insertArtifacts(tenant, row.id, files);
    if (plan.datasetId !== undefined) await markExamplesUsed(tenant, plan.datasetId);
    await mustMove(tenant, row, {
      to: "awaiting_review",
      data: { files: files.length },
      change: {
        progressPercentage: 100,
        metrics: { ...metrics, outcome: "artifact", ...(gate === undefined ? {} : { gate: { ...gate } }) },
        ...pathOf(row, files),
      },
    });
  });
}

/**
 * Makes the candidate a version with its report and files, in one transaction with the run's move: to a reviewer, or, where what was
 * held out or the release gate refuses it, to its end.
 */
export async function concludeWithCandidate(
  step: Step,
  { files, metrics, judged }: Made & { judged: Judged },
): Promise<void> {
  const { ctx, row, plan } = step;
  const { config, comparison, affectedShare, vetting, preference } = judged;
  const { report, rows } = comparison;
  const isVetoed = vetting?.verdict === "failed";
  const verdict = isVetoed ? "reject" : report.verdict;
  const reasons = [
    ...(vetting === undefined || vetting.verdict === "passed" ? [] : [vetting.sentence]),
    ...report.reasons,
  ];
  const gate = {
    verdict,
    reasons,
    attempt: report.attempt,
    rows: report.comparison.rows,
    wins: report.comparison.wins,
    losses: report.comparison.losses,
    baseline_score: report.comparison.seedMean,
    candidate_score: report.comparison.candidateMean,
    difference: report.comparison.difference,
    interval: report.comparison.interval,
    p_value: report.proof.pValue,
    level: report.proof.level,
  };
  const refused = verdict === "reject";
  const after = await ctx.transact(async (tenant) => {
    await insertArtifacts(tenant, row.id, files);
    const { version } = await createVersion({
      ctx: tenant,
      input: {
        agentId: plan.agentId,
        config,
        origin: "fine_tuning",
        parentVersionId: plan.base.id,
        trainingRunId: row.id,
        changeSummary: reasons[0] ?? null,
        report: {
          gate,
          preference,
          artifacts: files.map(({ name, kind, sha256, bytes }) => ({ name, kind, sha256, bytes })),
        },
        affectedQueryShare: affectedShare,
      },
    });
    await insertGateReport(tenant, {
      agentId: plan.agentId,
      candidateVersionId: version.id,
      baselineVersionId: plan.base.id,
      trainingRunId: row.id,
      datasetId: datasetOf(plan),
      verdict,
      report: { ...gate, preference, checks: report.checks, rows_compared: presentRows(rows) },
    });
    await vetting?.store(tenant, version.id);
    await markExamplesUsed(tenant, datasetOf(plan));
    return mustMove(tenant, row, {
      to: refused ? "failed" : "awaiting_review",
      event: refused ? "refused" : "awaiting_review",
      data: { outcome: verdict, reasons },
      change: {
        progressPercentage: 100,
        candidateVersionId: version.id,
        metrics: {
          ...metrics,
          outcome: verdict,
          reasons,
          gate,
          preference: { ...preference },
          affected_query_share: affectedShare,
        },
        bestMetrics: { score: gate.candidate_score, baseline_score: gate.baseline_score },
        ...(refused ? { error: { kind: "evaluation", message: reasons.join(" "), advice: REFUSED } } : {}),
        ...pathOf(row, files),
      },
    });
  });
  ctx.services.log.info("a fine-tuned candidate was judged", { runId: after.id, verdict });
}

const REFUSED = "The agent stays as it is. Look at the compared rows before you train again.";

function pathOf(row: TrainingRunRow, files: readonly StoredFile[]): { modelArtifactPath?: string } {
  return files.length === 0
    ? {}
    : { modelArtifactPath: `/api/learning/training-runs/by-id/${row.id}/artifacts` };
}

async function mustMove(ctx: TenantContext, row: TrainingRunRow, move: Move): Promise<TrainingRunRow> {
  const after = await moveRun(ctx, row, move);
  // Undoes the version with it.
  if (after === undefined) throw new RunLost("the run is in other hands");
  return after;
}
