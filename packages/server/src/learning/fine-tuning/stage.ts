import type { GateVerdict } from "@agent-learning/learning";
import { getDataset } from "../../curation/datasets/index.ts";
import type { Step } from "./advance.ts";
import { datasetOf } from "./backends/backend.ts";
import { ArtifactMismatch, verifyFile } from "./artifacts/artifact-files.ts";
import { failRun } from "./fail.ts";
import { moveRun } from "./move.ts";
import { readArtifacts } from "./store.ts";

/**
 * Puts an approved candidate on staging, and drafts its experiment: from there it goes the way of every candidate. Before, what is in the
 * store is held against what the reviewer approved.
 */
export async function stageRun({ ctx, row, plan, backend }: Step): Promise<boolean> {
  const versionId = row.candidate_version_id;
  // A reward model is used by other runs and served to nobody.
  if (versionId === null) return false;
  const files = await ctx.transact((tenant) => readArtifacts(tenant, row.id));
  try {
    for (const file of files) await verifyFile(ctx.services.config, ctx.organizationId, file);
  } catch (error) {
    if (!(error instanceof ArtifactMismatch)) throw error;
    return failRun(ctx, row, backend, plan, { kind: "internal", message: error.message });
  }
  const dataset = await ctx.transact((tenant) =>
    getDataset({ ctx: tenant, input: { datasetId: datasetOf(plan) } }),
  );
  if (dataset.frozen_at === null) {
    const message = "The dataset is not frozen.";
    return failRun(ctx, row, backend, plan, { kind: "data", message });
  }
  const { outcome, reasons } = row.metrics as { outcome?: GateVerdict; reasons?: string[] };
  await ctx.transact(async (tenant) => {
    const moved = await moveRun(tenant, row, { to: "staging", data: { files: files.length } });
    if (moved === undefined) return;
    for (const observer of tenant.services.candidateObservers) {
      await observer.candidateReady(tenant, {
        agentId: plan.agentId,
        candidateVersionId: versionId,
        baselineVersionId: plan.base.id,
        trainingRunId: row.id,
        verdict: outcome ?? "send_to_experiment",
        reasons: reasons ?? [],
      });
    }
  });
  return false;
}
