import type { AnnotatorProgress } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

/** What each person holds and has done today (UTC). Costs today's annotations and today's leases, not the queue. */
export async function readProgress(
  ctx: TenantContext,
  agentId: string | undefined,
): Promise<AnnotatorProgress[]> {
  const agent = agentId === undefined ? sql`` : sql`AND agent_id = ${agentId}`;
  // Asked first: a planner that does not know the time takes a third of all annotations for today's.
  const today = await sql<{
    midnight: Date;
  }>`SELECT date_trunc('day', learning_now(), 'UTC') AS midnight`.execute(ctx.tx);
  const midnight = today.rows[0]?.midnight;
  const { rows } = await sql<AnnotatorProgress>`
    WITH done AS (
      SELECT expert_id AS user_id, count(*)::int AS completed_today FROM expert_annotations
      WHERE organization_id = ${ctx.organizationId} AND created_at >= ${midnight} ${agent}
      GROUP BY expert_id),
    held AS (
      SELECT claimed_by AS user_id, count(*)::int AS claimed FROM annotation_tasks
      WHERE organization_id = ${ctx.organizationId} AND status = 'claimed'
        AND lease_expires_at > (SELECT learning_now()) ${agent}
      GROUP BY claimed_by),
    -- On its own: under row-level security no index serves a condition with a COALESCE, which might give secrets away.
    progress AS MATERIALIZED (
      SELECT user_id, COALESCE(held.claimed, 0) AS claimed, COALESCE(done.completed_today, 0) AS completed_today
      FROM done FULL JOIN held USING (user_id))
    SELECT user_id, u.display_name, claimed, completed_today
    FROM progress CROSS JOIN LATERAL (
      SELECT display_name FROM users WHERE organization_id = ${ctx.organizationId} AND id = user_id OFFSET 0) AS u
    ORDER BY completed_today DESC, user_id`.execute(ctx.tx);
  return rows;
}
