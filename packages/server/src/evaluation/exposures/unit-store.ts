import type { PairedUnitSums } from "@agent-learning/statistics";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { CovariateSums } from "./unit-moments.ts";

/** What is to be added to the sums of an arm's units in one stage. Value: the unit's sum; other value: its outcomes or denominators. */
export interface SumsChange extends PairedUnitSums {
  stage: number;
  arm: string;
  metric: string;
  /** Units whose sums changed, and when the last of them did. */
  units: number;
  lastAt: Date;
  covariates?: CovariateSums[] | null;
  /** Of quantile metrics: each unit's outcomes by bucket, and which of them are new. */
  sketches?: [Record<string, number>, Record<string, number>][][] | null;
}

/**
 * Takes up to `limit` of the noted changes, the oldest, and returns them added up. Each is taken once; those that are noted at
 * this moment wait for the next call.
 * @returns how many were taken, beside what they come to
 */
export async function foldUnits(
  ctx: TenantContext,
  subjectId: string,
  limit: number,
): Promise<{ taken: number; changes: SumsChange[] }> {
  const { rows } = await sql<SumsChange & { taken: number }>`
    WITH due AS MATERIALIZED (
      SELECT id FROM unit_changes WHERE organization_id = ${ctx.organizationId} AND subject_id = ${subjectId}
      ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), taken AS (
      DELETE FROM unit_changes c USING due d
      WHERE c.organization_id = ${ctx.organizationId} AND c.subject_id = ${subjectId} AND c.id = d.id
      RETURNING c.*
    )
    SELECT stage, arm, metric, count(*)::int AS taken, sum(units)::int AS units, max(created_at) AS "lastAt", sum(n) AS n, sum(sum) AS sum,
      sum(sum_squares) AS "sumSquares", sum(other_sum) AS "otherSum", sum(other_sum_squares) AS "otherSumSquares", sum(cross_sum) AS "crossSum",
      jsonb_agg(covariate) FILTER (WHERE covariate IS NOT NULL) AS covariates,
      jsonb_agg(sketches) FILTER (WHERE sketches IS NOT NULL) AS sketches
    FROM taken GROUP BY stage, arm, metric`.execute(ctx.tx);
  return {
    taken: rows.reduce((total, row) => total + row.taken, 0),
    changes: rows.map(({ taken: _taken, ...change }) => change),
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

/** Number of units of one arm of a rollout that entered the tests. Reads them all: for a state that does not know it yet. */
export async function countClosed(
  ctx: TenantContext,
  subjectId: string,
  { metric, arm }: { metric: string; arm: string },
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM unit_metrics
    WHERE organization_id = ${ctx.organizationId} AND subject_id = ${subjectId} AND metric = ${metric} AND arm = ${arm}
      AND closed_at IS NOT NULL AND subject_type = 'rollout'`.execute(ctx.tx);
  return rows[0]?.n ?? 0;
}

/** The `rank`-th smallest (from 1) of the first outcomes of the units of a rollout's arm that entered the tests. */
export async function selectOrderStatistic(
  ctx: TenantContext,
  subjectId: string,
  { metric, arm, rank }: { metric: string; arm: string; rank: number },
): Promise<number | undefined> {
  const { rows } = await sql<{ value: number }>`
    SELECT CASE WHEN n = 1 THEN sum ELSE first_value END AS value FROM unit_metrics
    WHERE organization_id = ${ctx.organizationId} AND subject_id = ${subjectId} AND metric = ${metric} AND arm = ${arm}
      AND closed_at IS NOT NULL AND subject_type = 'rollout'
    ORDER BY 1 OFFSET ${rank - 1} LIMIT 1`.execute(ctx.tx);
  return rows[0]?.value;
}
