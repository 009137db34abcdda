import type { SpotCheckKind } from "@agent-learning/learning";
import { sql } from "kysely";
import type { TenantContext } from "../../../context.ts";

/** A query as it was asked. */
export interface AskedQuery {
  id: string;
  execution_id: string | null;
  query_text: string;
}

/** Those of these retrievals whose words are still there. */
export async function readAskedQueries(
  ctx: TenantContext,
  retrievalIds: readonly string[],
): Promise<Map<string, AskedQuery>> {
  const { rows } = await sql<AskedQuery>`
    SELECT id, execution_id, query_text FROM retrievals WHERE organization_id = ${ctx.organizationId}
      AND id = ANY(${[...new Set(retrievalIds)]}::uuid[]) AND query_text NOT IN ('[expired]', '[erased]')`.execute(
    ctx.tx,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** What the chunks of these retrievals said when they were shown, as far as the caller told; the latest of each. */
export async function readExcerpts(
  ctx: TenantContext,
  retrievalIds: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ chunk_id: string; excerpt: string }>`
    SELECT x.key AS chunk_id, x.value AS excerpt FROM retrievals r CROSS JOIN LATERAL jsonb_each_text(r.excerpts) AS x
    WHERE r.organization_id = ${ctx.organizationId} AND r.id = ANY(${[...new Set(retrievalIds)]}::uuid[])
      AND r.excerpts IS NOT NULL ORDER BY r.created_at, r.id`.execute(ctx.tx);
  return new Map(rows.map((row) => [row.chunk_id, row.excerpt]));
}

export interface NewSpotCheck {
  position: number;
  kind: SpotCheckKind;
  retrieval_id: string;
  learning_example_id: string | null;
  candidate_output: "A" | "B" | null;
}

export async function insertSpotChecks(
  ctx: TenantContext,
  runId: string,
  checks: readonly NewSpotCheck[],
): Promise<void> {
  await sql`
    INSERT INTO retrieval_spot_checks (organization_id, training_run_id, position, kind, retrieval_id, learning_example_id, candidate_output)
    SELECT ${ctx.organizationId}::uuid, ${runId}::uuid, c.* FROM json_to_recordset(${JSON.stringify(checks)}::json)
      AS c(position int, kind text, retrieval_id uuid, learning_example_id uuid, candidate_output text)`.execute(
    ctx.tx,
  );
}

/** A check with what people made of it. */
export interface AnsweredCheck {
  kind: SpotCheckKind;
  retrieval_id: string;
  learning_example_id: string | null;
  candidate_output: "A" | "B" | null;
  queue_id: string | null;
  review_status: string | null;
  /** People have decided; what has been emptied since keeps what they decided. */
  is_decided: boolean;
  preferred_output: "A" | "B" | null;
}

/** A run's checks in their order. */
export async function readSpotChecks(ctx: TenantContext, runId: string): Promise<AnsweredCheck[]> {
  const { rows } = await sql<AnsweredCheck>`
    SELECT c.kind, c.retrieval_id, c.learning_example_id, c.candidate_output, x.review_status, x.preferred_output,
      COALESCE(x.reviewed_at IS NOT NULL AND x.review_status IN ('approved', 'rejected', 'withdrawn'), false) AS is_decided,
      (SELECT t.queue_id FROM annotation_tasks t WHERE t.organization_id = c.organization_id
        AND t.learning_example_id = c.learning_example_id ORDER BY t.slot LIMIT 1) AS queue_id
    FROM retrieval_spot_checks c
    LEFT JOIN learning_examples x ON x.organization_id = c.organization_id AND x.id = c.learning_example_id
    WHERE c.organization_id = ${ctx.organizationId} AND c.training_run_id = ${runId} ORDER BY c.position`.execute(
    ctx.tx,
  );
  return rows;
}
