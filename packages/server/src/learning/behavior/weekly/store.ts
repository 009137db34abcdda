import { sql } from "kysely";
import type { TenantContext } from "../../../context.ts";

/** Agents that experts have shown something and whose policy leaves learning to the server. */
export async function readWeeklyAgents(ctx: TenantContext): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM agents a WHERE organization_id = ${ctx.organizationId} AND archived_at IS NULL
      AND COALESCE(policy -> 'behavior_learning' ->> 'mode', 'weekly') = 'weekly'
      AND EXISTS (SELECT 1 FROM learning_examples x WHERE x.organization_id = a.organization_id AND x.agent_id = a.id
        AND x.example_type = 'demonstration' AND x.review_status = 'approved') ORDER BY id`.execute(ctx.tx);
  return rows.map(({ id }) => id);
}

/** Whether a run of behaviour learning is open, or was started a short time ago. */
export async function hasRecentRun(ctx: TenantContext, agentId: string, hours: number): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT EXISTS (SELECT 1 FROM training_runs WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
        AND training_type = 'behavior_learning' AND status IN ('pending', 'running', 'paused'))
      OR EXISTS (SELECT 1 FROM training_runs WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
        AND training_type = 'behavior_learning' AND created_at > learning_now() - make_interval(secs => ${hours * 3_600})) AS found`.execute(
    ctx.tx,
  );
  return rows[0]?.found ?? false;
}

/** Demonstrations and corrections approved since the start of the last run that ended well, up to a number. */
export async function countNewExamples(
  ctx: TenantContext,
  agentId: string,
  minimumQuality: number,
  most: number,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT COUNT(*)::int AS count FROM (
      SELECT 1 FROM learning_examples x
      WHERE x.organization_id = ${ctx.organizationId} AND x.agent_id = ${agentId} AND x.review_status = 'approved'
        AND x.example_type IN ('demonstration', 'correction') AND x.is_active AND x.quality_score >= ${minimumQuality}
        AND x.quarantine IS DISTINCT FROM 'held'
        AND x.reviewed_at > COALESCE((SELECT t.created_at FROM training_runs t WHERE t.organization_id = ${ctx.organizationId}
          AND t.agent_id = ${agentId} AND t.training_type = 'behavior_learning' AND t.status = 'completed' ORDER BY t.created_at DESC LIMIT 1), '-infinity')
      LIMIT ${most}) fresh`.execute(ctx.tx);
  return rows[0]?.count ?? 0;
}
