import type { ComparedRow, RowOutcome } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

/** The newest experiment of the run's candidate. */
export async function readExperimentOf(
  ctx: TenantContext,
  runId: string,
  candidateVersionId: string,
): Promise<{ id: string; status: string } | undefined> {
  const row = await ctx.tx
    .selectFrom("learning_experiments")
    .select(["id", "status"])
    .where("organization_id", "=", ctx.organizationId)
    .where("training_run_id", "=", runId)
    .where("treatment_version_id", "=", candidateVersionId)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : { id: row.id, status: row.status ?? "draft" };
}

export interface RowsFilter {
  runId: string;
  outcome: RowOutcome | undefined;
  /** Position of the row before the first one. */
  after: number;
  limit: number;
}

/** Rows of the run's gate in its order, with what their examples say now. */
export async function readComparedRows(
  ctx: TenantContext,
  { runId, outcome, after, limit }: RowsFilter,
): Promise<(ComparedRow & { position: number })[]> {
  const { rows } = await sql<ComparedRow & { position: number }>`
    SELECT p.position, p.row_id, p.outcome, x.input_text, x.expected_output, p.baseline_output, p.candidate_output,
      p.baseline_score, p.candidate_score
    FROM (
      SELECT e.position::int AS position, e.row->>'row_id' AS row_id,
        e.row->>'baseline_output' AS baseline_output, e.row->>'candidate_output' AS candidate_output,
        (e.row->>'baseline_score')::float8 AS baseline_score, (e.row->>'candidate_score')::float8 AS candidate_score,
        CASE WHEN COALESCE((e.row->>'failed')::boolean, false) THEN 'failed'
          WHEN (e.row->>'candidate_score')::float8 > (e.row->>'baseline_score')::float8 THEN 'win'
          WHEN (e.row->>'candidate_score')::float8 < (e.row->>'baseline_score')::float8 THEN 'loss' ELSE 'tie' END AS outcome
      FROM evaluation_reports r, jsonb_array_elements(COALESCE(r.report->'rows_compared', '[]')) WITH ORDINALITY e(row, position)
      WHERE r.organization_id = ${ctx.organizationId} AND r.training_run_id = ${runId} AND r.kind = 'gate'
    ) p
    LEFT JOIN learning_examples x ON x.organization_id = ${ctx.organizationId} AND x.id = p.row_id::uuid
    WHERE p.position > ${after} AND (${outcome ?? null}::text IS NULL OR p.outcome = ${outcome ?? null})
    ORDER BY p.position LIMIT ${limit}`.execute(ctx.tx);
  return rows;
}
