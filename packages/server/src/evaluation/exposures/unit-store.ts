import type { PairedUnitSums } from "@agent-learning/statistics";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

/** What is to be added to the sums of an arm's units in one stage. Value: the unit's sum; other value: its outcomes. */
export interface SumsChange extends PairedUnitSums {
  stage: number;
  arm: string;
  metric: string;
  /** Units whose sums changed, and when the last of them did. */
  units: number;
  lastAt: Date;
}

/**
 * Marks up to `limit` units whose sums changed as folded, and returns what changed, added up: every unit enters with what it
 * has now less what it was counted with before. Units that a writer holds at this moment wait for the next call.
 */
export async function foldUnits(
  ctx: TenantContext,
  subjectId: string,
  limit: number,
): Promise<{ units: number; changes: SumsChange[] }> {
  const { rows } = await sql<SumsChange>`
    WITH due AS MATERIALIZED (
      SELECT ctid AS place, folded_n, folded_sum FROM unit_metrics
      WHERE organization_id = ${ctx.organizationId} AND subject_id = ${subjectId} AND folded_at IS NULL
      ORDER BY metric, unit_id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), moved AS (
      UPDATE unit_metrics u SET folded_at = learning_now(), folded_n = u.n, folded_sum = u.sum FROM due d
      WHERE u.ctid = d.place
      RETURNING u.stage, u.arm, u.metric, u.last_at, u.n::float8 AS n, u.sum, d.folded_n::float8 AS old_n, d.folded_sum AS old_sum
    )
    SELECT stage, arm, metric, count(*)::int AS units, max(last_at) AS "lastAt",
      sum((n > 0)::int - (old_n > 0)::int)::float8 AS n,
      sum(sum - old_sum) AS sum, sum(sum * sum - old_sum * old_sum) AS "sumSquares",
      sum(n - old_n) AS "otherSum", sum(n * n - old_n * old_n) AS "otherSumSquares",
      sum(n * sum - old_n * old_sum) AS "crossSum"
    FROM moved GROUP BY stage, arm, metric`.execute(ctx.tx);
  return {
    units: rows.reduce((total, row) => total + row.units, 0),
    changes: rows,
  };
}

/** A unit's first outcome, about to enter a sequential test. */
export interface ClosedUnit {
  unitId: string;
  arm: string;
  value: number;
  firstAt: Date;
  /** Share of the candidate or treatment when the unit was exposed. */
  share: number;
}

/**
 * Takes up to `limit` units of one arm and metric that no sequential test has seen, the oldest, and marks them as seen. A unit
 * counts with its first outcome: one bounded observation each, chosen by nothing that happened to it. In no order: see
 * `inTestOrder`.
 */
export async function closeUnits(
  ctx: TenantContext,
  subjectId: string,
  { metric, arm, limit }: { metric: string; arm: string; limit: number },
): Promise<ClosedUnit[]> {
  const { rows } = await sql<{ unit_id: string; value: number; first_at: Date; share: number }>`
    WITH due AS MATERIALIZED (
      SELECT ctid AS tuple FROM unit_metrics
      WHERE organization_id = ${ctx.organizationId} AND subject_id = ${subjectId} AND metric = ${metric} AND arm = ${arm}
        AND closed_at IS NULL AND n > 0
      ORDER BY first_at, unit_id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE unit_metrics u SET closed_at = learning_now() FROM due d
    WHERE u.ctid = d.tuple
    RETURNING u.unit_id, CASE WHEN u.n = 1 THEN u.sum ELSE u.first_value END AS value, u.first_at, u.share`.execute(
    ctx.tx,
  );
  return rows.map((row) => ({
    unitId: row.unit_id,
    arm,
    value: row.value,
    firstAt: row.first_at,
    share: row.share,
  }));
}

/** Number of units of one arm that entered the tests. */
export async function countClosed(
  ctx: TenantContext,
  subjectId: string,
  { metric, arm }: { metric: string; arm: string },
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM unit_metrics
    WHERE organization_id = ${ctx.organizationId} AND subject_id = ${subjectId} AND metric = ${metric} AND arm = ${arm}
      AND closed_at IS NOT NULL`.execute(ctx.tx);
  return rows[0]?.n ?? 0;
}

/** The `rank`-th smallest (from 1) of the first outcomes of one arm's units that entered the tests. */
export async function selectOrderStatistic(
  ctx: TenantContext,
  subjectId: string,
  { metric, arm, rank }: { metric: string; arm: string; rank: number },
): Promise<number | undefined> {
  const { rows } = await sql<{ value: number }>`
    SELECT CASE WHEN n = 1 THEN sum ELSE first_value END AS value FROM unit_metrics
    WHERE organization_id = ${ctx.organizationId} AND subject_id = ${subjectId} AND metric = ${metric} AND arm = ${arm}
      AND closed_at IS NOT NULL
    ORDER BY 1 OFFSET ${rank - 1} LIMIT 1`.execute(ctx.tx);
  return rows[0]?.value;
}
