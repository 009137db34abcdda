import type { DatasetInfluence } from "@agent-learning/contract";
import type { ReleaseGateReport } from "@agent-learning/learning";
import { measureInfluence, readInfluenceData } from "../../curation/trust/index.ts";
import type { Context } from "../../context.ts";
import { selectTrainingDataset } from "./store.ts";

/** Contributors that are left out, one by one: those with the most items. */
const CONTRIBUTORS = 10;

/**
 * What the contributors of the dataset do that a run was trained on, as it is now: what was erased or taken out since is not in it.
 * null: no run, or one without a dataset.
 */
export async function assessContributors(
  ctx: Context,
  trainingRunId: string | null,
): Promise<DatasetInfluence | null> {
  if (trainingRunId === null) return null;
  const data = await ctx.transact(async (tenant) => {
    const datasetId = await selectTrainingDataset(tenant, trainingRunId);
    return datasetId === undefined ? undefined : readInfluenceData(tenant, datasetId);
  });
  return data === undefined ? null : measureInfluence(data, CONTRIBUTORS);
}

/** The gate's report with what the contributors do. One that could not be told holds nothing back. */
export function withContributors(
  report: ReleaseGateReport,
  contributors: DatasetInfluence | null,
): ReleaseGateReport {
  if (contributors === null) return report;
  const { verdict, sentence } = contributors;
  return {
    ...report,
    verdict: verdict === "failed" ? "failed" : report.verdict,
    sentence: `${report.sentence} Contributors ${verdict}: ${sentence}`.trim(),
  };
}
