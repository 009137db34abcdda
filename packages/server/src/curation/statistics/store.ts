import type { Decision } from "@agent-learning/contract";
import { sql } from "kysely";
import type { Tally } from "../../collection/statistics/counters.ts";
import type { TenantContext } from "../../context.ts";
import { GAUGE_DAY, qualityMetric } from "./gauges.ts";

/**
 * Today's counters by agent and metric, all shards together. Costs the days' rows of these metrics, not the table's.
 * @param agentIds undefined: every agent of the organization
 */
export async function readToday(
  ctx: TenantContext,
  metrics: readonly string[],
  agentIds?: readonly string[],
): Promise<Map<string, number>> {
  return readDay(ctx, sql`(learning_now() AT TIME ZONE 'UTC')::date`, metrics, agentIds);
}

/** Gauges by agent and metric: see `GAUGE_DAY`. The keys are `agent metric`. */
export async function readGauges(
  ctx: TenantContext,
  metrics: readonly string[],
  agentIds?: readonly string[],
): Promise<Map<string, number>> {
  return readDay(ctx, sql`${GAUGE_DAY}::date`, metrics, agentIds);
}

async function readDay(
  ctx: TenantContext,
  day: ReturnType<typeof sql>,
  metrics: readonly string[],
  agentIds: readonly string[] | undefined,
): Promise<Map<string, number>> {
  // Agent by agent, so that the primary key finds each counter: over all days there may be very many.
  const agents =
    agentIds === undefined
      ? sql`(SELECT id FROM agents WHERE organization_id = ${ctx.organizationId}) AS a(id)`
      : sql`unnest(${agentIds}::uuid[]) AS a(id)`;
  const { rows } = await sql<{ agent_id: string; metric: string; count: number }>`
    SELECT a.id AS agent_id, c.metric, c.count FROM ${agents}
    CROSS JOIN LATERAL (
      SELECT s.metric, SUM(s.count)::bigint AS count FROM agent_daily_statistics s
      WHERE s.organization_id = ${ctx.organizationId} AND s.agent_id = a.id AND s.day = ${day}
        AND s.metric = ANY(${metrics})
      GROUP BY s.metric) AS c`.execute(ctx.tx);
  return new Map(rows.map((row) => [`${row.agent_id} ${row.metric}`, row.count]));
}

/** Annotation quality is averaged over so many days. */
export const QUALITY_DAYS = 90;

/** Mean quality of the agent's annotations with this decision over the last 90 days, 0 to 1, or null without any. */
export async function readMeanQuality(
  ctx: TenantContext,
  agentId: string,
  decision: Decision,
): Promise<number | null> {
  const { rows } = await sql<Pick<Tally, "count" | "sum">>`
    SELECT COALESCE(SUM(s.count), 0)::bigint AS count, COALESCE(SUM(s.sum), 0) AS sum
    FROM generate_series(0, ${QUALITY_DAYS - 1}::int) AS back(days)
    JOIN agent_daily_statistics s ON s.organization_id = ${ctx.organizationId} AND s.agent_id = ${agentId}
      AND s.day = (learning_now() AT TIME ZONE 'UTC')::date - back.days AND s.metric = ${qualityMetric(decision)}`.execute(
    ctx.tx,
  );
  const total = rows[0];
  return total === undefined || total.count <= 0 ? null : total.sum / total.count;
}
