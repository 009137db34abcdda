import { sql } from "kysely";
import type { TenantContext } from "../../../context.ts";
import type { EvidenceWindow } from "../store.ts";

export interface PassageRow {
  id: string;
  actor: string;
  query: string;
  passages: unknown;
}

/** The latest feedback that says where an answer stands, newest first. What was emptied for its age or a person's sake is left out. */
export async function readPassageRows(
  ctx: TenantContext,
  { agentId, from, until }: EvidenceWindow,
  limit: number,
): Promise<PassageRow[]> {
  const { rows } = await sql<PassageRow>`
    SELECT * FROM (
      SELECT f.id, f.user_id AS actor, f.metadata->'passages' AS passages, COALESCE((
          SELECT r.query_text FROM retrievals r WHERE r.organization_id = f.organization_id AND r.execution_id = f.execution_id
          ORDER BY r.created_at, r.id LIMIT 1), e.input_text) AS query
      FROM agent_feedback f JOIN agent_executions e ON e.organization_id = f.organization_id AND e.id = f.execution_id
      WHERE f.organization_id = ${ctx.organizationId} AND f.agent_id = ${agentId} AND f.status = 'live'
        AND f.created_at >= ${from} AND f.created_at <= ${until} AND jsonb_exists(f.metadata, 'passages')
      ORDER BY f.created_at DESC, f.id DESC LIMIT ${limit}) AS found
    WHERE query NOT IN ('[expired]', '[erased]')`.execute(ctx.tx);
  return rows;
}

/** Whether a run of this agent is re-cutting the documents. */
export async function isRechunking(ctx: TenantContext, agentId: string): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM training_runs WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
      AND training_type = 'rag_training' AND status IN ('pending', 'running') AND config->>'method' = 'chunking' LIMIT 1`.execute(
    ctx.tx,
  );
  return rows.length > 0;
}
