import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import { newId } from "../../new-id.ts";

/** Keeps what the gate on held-out queries found. */
export async function insertRankingReport(
  ctx: TenantContext,
  record: {
    agentId: string;
    candidateVersionId: string;
    baselineVersionId: string;
    trainingRunId: string;
    verdict: "promote" | "reject";
    report: unknown;
  },
): Promise<void> {
  await ctx.tx
    .insertInto("evaluation_reports")
    .values({
      organization_id: ctx.organizationId,
      id: newId(),
      agent_id: record.agentId,
      candidate_version_id: record.candidateVersionId,
      baseline_version_id: record.baselineVersionId,
      training_run_id: record.trainingRunId,
      kind: "gate",
      verdict: record.verdict,
      report: json(record.report),
    })
    .execute();
}
