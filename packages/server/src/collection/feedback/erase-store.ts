import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

/** Ids of a person's feedback after one of them, in their order. */
export async function readFeedbackIdsOf(
  ctx: TenantContext,
  userId: string,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  let query = ctx.tx
    .selectFrom("agent_feedback")
    .select("id")
    .where("organization_id", "=", ctx.organizationId)
    .where("user_id", "=", userId);
  if (after !== undefined) query = query.where("id", ">", after);
  const rows = await query.orderBy("id").limit(limit).execute();
  return rows.map(({ id }) => id);
}

/**
 * What was counted of a person's feedback beside its content, by agent, day and metric: withdrawals (told by their history, which an
 * erasure removes, so that they are not taken back twice), and what waited for its execution and what became of it.
 */
export async function readErasedEvents(
  ctx: TenantContext,
  userId: string,
): Promise<{ agent_id: string; day: string; metric: string; count: number }[]> {
  const organization = ctx.organizationId;
  const { rows } = await sql<{ agent_id: string; day: string; metric: string; count: number }>`
    WITH waited AS MATERIALIZED (
      SELECT * FROM agent_feedback_holding WHERE organization_id = ${organization} AND user_id = ${userId} FOR UPDATE),
    events AS (
      SELECT f.agent_id, f.created_at AS at, 'withdrawn' AS metric
      FROM agent_feedback f
      JOIN agent_feedback_history h ON h.organization_id = f.organization_id AND h.feedback_id = f.id AND h.action = 'withdrawn'
      JOIN agent_executions e ON e.organization_id = f.organization_id AND e.id = f.execution_id
      WHERE f.organization_id = ${organization} AND f.user_id = ${userId} AND e.environment = 'production'
      UNION ALL SELECT agent_id, created_at, 'held' FROM waited
      UNION ALL SELECT agent_id, created_at, 'withdrawn' FROM waited WHERE status = 'withdrawn'
      UNION ALL SELECT agent_id, settled_at, 'held_expired' FROM waited WHERE status = 'expired'
      UNION ALL SELECT w.agent_id, e.created_at, 'held_attached' FROM waited w
        JOIN agent_feedback f ON f.organization_id = ${organization} AND f.id = w.id
        JOIN agent_executions e ON e.organization_id = f.organization_id AND e.id = f.execution_id
        WHERE w.status = 'attached')
    SELECT agent_id, (at AT TIME ZONE 'UTC')::date AS day, metric, count(*)::int AS count
    FROM events WHERE at IS NOT NULL GROUP BY 1, 2, 3`.execute(ctx.tx);
  return rows;
}
