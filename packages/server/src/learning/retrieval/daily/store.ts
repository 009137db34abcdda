import { sql } from "kysely";
import type { TenantContext } from "../../../context.ts";

/** Agents that have recorded a retrieval and whose policy leaves learning to the server. */
export async function readDailyAgents(ctx: TenantContext): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM agents a WHERE organization_id = ${ctx.organizationId} AND archived_at IS NULL
      AND COALESCE(policy -> 'retrieval_learning' ->> 'mode', 'daily') = 'daily'
      AND EXISTS (SELECT 1 FROM retrievals r WHERE r.organization_id = a.organization_id AND r.agent_id = a.id) ORDER BY id`.execute(
    ctx.tx,
  );
  return rows.map(({ id }) => id);
}

/** Whether a run of retrieval learning is open, or was started a short time ago. */
export async function hasRecentRun(ctx: TenantContext, agentId: string, hours: number): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT EXISTS (SELECT 1 FROM training_runs WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
        AND training_type = 'rag_training' AND status IN ('pending', 'running', 'paused'))
      OR EXISTS (SELECT 1 FROM training_runs WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
        AND training_type = 'rag_training' AND created_at > learning_now() - make_interval(secs => ${hours * 3_600})) AS found`.execute(
    ctx.tx,
  );
  return rows[0]?.found ?? false;
}

/** Retrievals with feedback since the start of the last run that ended well, up to a number: more need not be counted. */
export async function countNewRetrievals(ctx: TenantContext, agentId: string, most: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT COUNT(*)::int AS count FROM (
      SELECT 1 FROM retrievals r
      WHERE r.organization_id = ${ctx.organizationId} AND r.agent_id = ${agentId}
        AND r.created_at > COALESCE((SELECT t.created_at FROM training_runs t WHERE t.organization_id = ${ctx.organizationId}
          AND t.agent_id = ${agentId} AND t.training_type = 'rag_training' AND t.status = 'completed' ORDER BY t.created_at DESC LIMIT 1), '-infinity')
        AND EXISTS (SELECT 1 FROM agent_feedback f WHERE f.organization_id = r.organization_id AND f.execution_id = r.execution_id
          AND f.status = 'live')
      LIMIT ${most}) fresh`.execute(ctx.tx);
  return rows[0]?.count ?? 0;
}
