import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

/** One metric of one day, summed over shards and, without an agent, over agents. */
export interface DailyCount {
  day: string;
  metric: string;
  count: number;
  sum: number;
}

/** Gauges live on this day: they go up and down and belong to no day. */
export const GAUGE_DAY = "1970-01-01";

/** The counters of the last `days` days (today included) and the gauges. Costs days × metrics, not rows of evidence. */
export async function readDailyCounts(
  ctx: TenantContext,
  agentId: string | null,
  days: number,
): Promise<{ today: string; counts: DailyCount[] }> {
  const agent = agentId === null ? sql`` : sql`AND agent_id = ${agentId}`;
  const { rows } = await sql<DailyCount & { today: string }>`
    WITH today AS MATERIALIZED (SELECT (learning_now() AT TIME ZONE 'UTC')::date AS day)
    SELECT today.day AS today, s.day, s.metric, s.count, s.sum FROM today LEFT JOIN LATERAL (
      SELECT day, metric, SUM(count)::bigint AS count, SUM(sum)::float8 AS sum FROM agent_daily_statistics
      WHERE organization_id = ${ctx.organizationId} ${agent}
        AND (day > today.day - ${days}::int OR day = ${GAUGE_DAY}::date)
        AND metric NOT LIKE 'version:%'
      GROUP BY day, metric
    ) s ON true`.execute(ctx.tx);
  return { today: rows[0]?.today ?? GAUGE_DAY, counts: rows.filter((row) => row.metric !== null) };
}

export interface ActiveWork {
  active_experiments: number;
  running_training_jobs: number;
  active_rollouts: number;
  training_runs_completed: number;
}

/** What is going on now: each count over a partial index of what is active. */
export async function readActiveWork(
  ctx: TenantContext,
  agentId: string | null,
  days: number,
): Promise<ActiveWork> {
  const agent = agentId === null ? sql`` : sql`AND agent_id = ${agentId}`;
  const { rows } = await sql<ActiveWork>`
    SELECT
      (SELECT COUNT(*) FROM learning_experiments WHERE organization_id = ${ctx.organizationId} ${agent} AND status = 'running')::int AS active_experiments,
      (SELECT COUNT(*) FROM training_runs WHERE organization_id = ${ctx.organizationId} ${agent} AND status IN ('pending', 'running')
        AND phase IS DISTINCT FROM 'draft')::int AS running_training_jobs,
      (SELECT COUNT(*) FROM rollouts WHERE organization_id = ${ctx.organizationId} ${agent} AND status IN ('running', 'paused'))::int AS active_rollouts,
      (SELECT COUNT(*) FROM training_runs WHERE organization_id = ${ctx.organizationId} ${agent} AND status = 'completed'
        AND completed_at > (SELECT learning_now()) - make_interval(days => ${days}::int))::int AS training_runs_completed`.execute(
    ctx.tx,
  );
  return (
    rows[0] ?? {
      active_experiments: 0,
      running_training_jobs: 0,
      active_rollouts: 0,
      training_runs_completed: 0,
    }
  );
}
