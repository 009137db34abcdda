import type { GateReport } from "@agent-learning/learning";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import { newId } from "../../new-id.ts";

/**
 * How many candidates of this agent met the gate since one was promoted, plus one. A split that is used again tells more each
 * time; a promotion changes the baseline and starts anew.
 */
export async function nextGateAttempt(ctx: TenantContext, agentId: string): Promise<number> {
  const { rows } = await sql<{ attempts: number }>`
    SELECT COUNT(*)::int AS attempts FROM evaluation_reports r
    WHERE r.organization_id = ${ctx.organizationId} AND r.agent_id = ${agentId} AND r.kind = 'gate'
      AND r.created_at > COALESCE((SELECT MAX(p.created_at) FROM evaluation_reports p
        WHERE p.organization_id = ${ctx.organizationId} AND p.agent_id = ${agentId} AND p.kind = 'gate' AND p.verdict = 'promote'), '-infinity')`.execute(
    ctx.tx,
  );
  return (rows[0]?.attempts ?? 0) + 1;
}

export interface GateRecord {
  agentId: string;
  candidateVersionId: string;
  baselineVersionId: string;
  trainingRunId: string;
  datasetId: string;
  verdict: GateReport["verdict"];
  report: unknown;
}

/** Keeps what the gate found, with the rows that decided. */
export async function insertGateReport(ctx: TenantContext, record: GateRecord): Promise<string> {
  const id = newId();
  await ctx.tx
    .insertInto("evaluation_reports")
    .values({
      organization_id: ctx.organizationId,
      id,
      agent_id: record.agentId,
      candidate_version_id: record.candidateVersionId,
      baseline_version_id: record.baselineVersionId,
      training_run_id: record.trainingRunId,
      dataset_id: record.datasetId,
      kind: "gate",
      verdict: record.verdict,
      report: json(record.report),
    })
    .execute();
  return id;
}
