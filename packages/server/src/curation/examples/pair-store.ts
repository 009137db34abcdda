import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

/** Two executions that different versions carried out for the same input, with different outputs. */
export interface AnsweredTwice {
  execution_a: string;
  execution_b: string;
  session_id: string | null;
  version_a: string;
  version_b: string;
  input_text: string;
  output_a: string;
  output_b: string;
}

/** Executions that are looked at, the newest. */
const MOST_EXECUTIONS = 2_000;

/** The newest such pairs; of each version's executions for an input the newest, and none that a pair has already. */
export async function readAnsweredTwice(
  ctx: TenantContext,
  agentId: string,
  days: number,
  limit: number,
): Promise<AnsweredTwice[]> {
  const { rows } = await sql<AnsweredTwice>`
    WITH recent AS MATERIALIZED (
      SELECT id, created_at, session_id, version_id, input_text, output_text FROM agent_executions
      WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
        AND created_at >= learning_now() - make_interval(days => ${days}::int)
      ORDER BY created_at DESC, id DESC LIMIT ${MOST_EXECUTIONS}),
    free AS (
      SELECT DISTINCT ON (md5(r.input_text), r.version_id) r.*, md5(r.input_text) AS input_hash FROM recent r
      WHERE r.version_id IS NOT NULL AND r.output_text <> '' AND NOT EXISTS (
          SELECT 1 FROM learning_examples x WHERE x.organization_id = ${ctx.organizationId} AND x.source_execution_id = r.id
            AND x.example_type = 'preference')
        AND NOT EXISTS (
          SELECT 1 FROM learning_examples x WHERE x.organization_id = ${ctx.organizationId} AND x.execution_b_id = r.id)
      ORDER BY md5(r.input_text), r.version_id, r.created_at DESC, r.id DESC),
    ranked AS (
      SELECT *, row_number() OVER (PARTITION BY input_hash ORDER BY created_at DESC, id DESC) AS place FROM free)
    SELECT a.id AS execution_a, b.id AS execution_b, a.session_id, a.version_id AS version_a, b.version_id AS version_b,
      a.input_text, a.output_text AS output_a, b.output_text AS output_b
    FROM ranked a JOIN ranked b ON b.input_hash = a.input_hash AND b.input_text = a.input_text AND b.place = a.place + 1
    WHERE a.place % 2 = 1 AND a.output_text <> b.output_text
    ORDER BY a.created_at DESC, a.id DESC LIMIT ${limit}`.execute(ctx.tx);
  return rows;
}
