import type { AnnotatorProgress } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

/** What each person holds and has done today (UTC). Costs today's annotations and today's leases, not the queue. */
export async function readProgress(
  ctx: TenantContext,
  agentId: string | undefined,
): Promise<AnnotatorProgress[]> {
  const agent = agentId === undefined ? sql`` : sql`AND agent_id = ${agentId}`;
  const { rows } = await sql<AnnotatorProgress>`
    WITH midnight AS (SELECT date_trunc('day', learning_now(), 'UTC') AS at),
    done AS (
      SELECT expert_id AS user_id, count(*)::int AS completed_today FROM expert_annotations
      WHERE organization_id = ${ctx.organizationId} AND created_at >= (SELECT at FROM midnight) ${agent}
      GROUP BY expert_id),
    held AS (
      SELECT claimed_by AS user_id, count(*)::int AS claimed FROM annotation_tasks
      WHERE organization_id = ${ctx.organizationId} AND status = 'claimed'
        AND lease_expires_at > (SELECT learning_now()) ${agent}
      GROUP BY claimed_by)
    SELECT user_id, u.display_name, COALESCE(held.claimed, 0) AS claimed,
      COALESCE(done.completed_today, 0) AS completed_today
    FROM done FULL JOIN held USING (user_id)
    JOIN users u ON u.organization_id = ${ctx.organizationId} AND u.id = user_id
    ORDER BY completed_today DESC, user_id`.execute(ctx.tx);
  return rows;
}
