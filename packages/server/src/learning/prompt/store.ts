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

/** An example with what the newest annotation of it says. Scores are decimals of the database: 0 to 1. */
export interface AnnotatedExample {
  example_type: string;
  input_text: string;
  original_output: string | null;
  expected_output: string;
  decision: string;
  technical_accuracy: number | null;
  professional_quality: number | null;
  completeness: number | null;
  clarity: number | null;
}

/** Annotations that are looked through for answers to measure a judge on. */
const MOST_ANNOTATIONS = 1_000;

/** The agent's newest annotations with their examples, one for each example, newest first. */
export async function readAnnotatedExamples(
  ctx: TenantContext,
  agentId: string,
): Promise<AnnotatedExample[]> {
  const { rows } = await sql<AnnotatedExample & { learning_example_id: string }>`
    SELECT a.learning_example_id, x.example_type, x.input_text, x.original_output, x.expected_output, a.decision,
      a.technical_accuracy, a.professional_quality, a.completeness, a.clarity
    FROM (SELECT * FROM expert_annotations
      WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId} ORDER BY id DESC LIMIT ${MOST_ANNOTATIONS}) a
    JOIN learning_examples x ON x.organization_id = a.organization_id AND x.id = a.learning_example_id
    WHERE x.is_active AND x.quarantine IS DISTINCT FROM 'held'
    ORDER BY a.id DESC`.execute(ctx.tx);
  return [...new Map(rows.toReversed().map((row) => [row.learning_example_id, row])).values()].toReversed();
}
