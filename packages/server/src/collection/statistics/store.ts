import { type RawBuilder, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { prepared } from "../../database/index.ts";
import type { CounterLedger, Tally } from "./counters.ts";
import { shardOf } from "./shard.ts";

/** The body of a CTE that folds changes into the daily counters, for a statement that writes more. */
export function foldInto(ctx: TenantContext, ledger: CounterLedger, lane: number): RawBuilder<unknown> {
  const shard = shardOf(lane);
  const rows = ledger.deltas().map(({ agentId, day, metric, count, sum, sumSquares }) => ({
    a: agentId,
    d: day,
    m: metric,
    s: shard,
    c: count,
    x: sum,
    q: sumSquares,
  }));
  return sql`
    INSERT INTO agent_daily_statistics AS t (organization_id, agent_id, day, metric, shard, count, sum, sum_squares)
    SELECT ${ctx.organizationId}::uuid, a, d, m, s, c, x, q
    FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS r(a uuid, d date, m text, s smallint, c bigint, x float8, q float8)
    ON CONFLICT (organization_id, agent_id, day, metric, shard) DO UPDATE SET
      count = t.count + excluded.count, sum = t.sum + excluded.sum, sum_squares = t.sum_squares + excluded.sum_squares`;
}

/**
 * Folds a transaction's changes into the daily counters. Call it late: its row locks last until the commit.
 * @param lane which of the process's concurrent writers this is
 */
export async function foldCounters(ctx: TenantContext, ledger: CounterLedger, lane = 0): Promise<void> {
  if (ledger.deltas().length > 0)
    await sql`${prepared("fold_counters")} ${foldInto(ctx, ledger, lane)}`.execute(ctx.tx);
}

/** A counter of one day, all shards together. */
export interface DailyCounter extends Tally {
  day: string;
  metric: string;
}

/** The counters of an agent from one day to another, both included, without those by version. */
export async function readCounters(
  ctx: TenantContext,
  input: { agentId: string; from: string; to: string; prefix?: string },
): Promise<DailyCounter[]> {
  const { rows } = await sql<DailyCounter>`
    SELECT day, metric, SUM(count)::bigint AS count, SUM(sum) AS sum, SUM(sum_squares) AS "sumSquares"
    FROM agent_daily_statistics
    WHERE organization_id = ${ctx.organizationId} AND agent_id = ${input.agentId}
      AND day BETWEEN ${input.from}::date AND ${input.to}::date
      AND metric NOT LIKE 'version:%' AND starts_with(metric, ${input.prefix ?? ""})
    GROUP BY day, metric`.execute(ctx.tx);
  return rows;
}

/** Today in UTC by the database's clock, and the day `days - 1` before it. */
export async function readPeriod(ctx: TenantContext, days: number): Promise<{ from: string; to: string }> {
  const { rows } = await sql<{ from: string; to: string }>`
    SELECT today - ${days - 1}::int AS "from", today AS "to"
    FROM (SELECT (learning_now() AT TIME ZONE 'UTC')::date AS today) AS clock`.execute(ctx.tx);
  const period = rows[0];
  if (period === undefined) throw new Error("learning_now() gave no row: the migrations are not applied");
  return period;
}
