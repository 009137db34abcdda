import { type RawBuilder, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { Contribution } from "./contributions.ts";

/** Read once for the statement; as a column's default, or by itself, it would be read once for each row. */
const NOW: RawBuilder<Date> = sql`(SELECT learning_now())`;

/** What a unit came to before it was exposed. */
export interface Covariate {
  subjectId: string;
  metric: string;
  unitId: string;
  value: number;
  /** See `Contribution`. */
  perUnit: boolean;
}

/**
 * Of changed units, a row each with value and other value (v, o) now and before (old_v, old_o), the covariate that counts with them
 * (x, old_x) and the one that is there (c, old_c): what the sums of their arms change by, for the next look to fold.
 */
function noteChanges(ctx: TenantContext, units: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    INSERT INTO unit_changes (organization_id, subject_id, stage, arm, metric, units, n, sum, sum_squares, other_sum, other_sum_squares,
      cross_sum, covariate, sketches)
    SELECT ${ctx.organizationId}::uuid, subject_id, stage, arm, metric, count(*), sum((n > 0)::int - (old_n > 0)::int),
      sum(v - old_v), sum(v * v - old_v * old_v), sum(o - old_o), sum(o * o - old_o * old_o), sum(o * v - old_o * old_v),
      CASE WHEN count(c) > 0 THEN jsonb_build_object(
        'units', count(c) - count(old_c),
        'sum', COALESCE(sum(c), 0) - COALESCE(sum(old_c), 0),
        'sumSquares', COALESCE(sum(c * c), 0) - COALESCE(sum(old_c * old_c), 0),
        'measuredSum', COALESCE(sum(x), 0) - COALESCE(sum(old_x), 0),
        'measuredSumSquares', COALESCE(sum(x * x), 0) - COALESCE(sum(old_x * old_x), 0),
        'valueCross', COALESCE(sum(x * v), 0) - COALESCE(sum(old_x * old_v), 0),
        'otherCross', COALESCE(sum(x * o), 0) - COALESCE(sum(old_x * old_o), 0)) END,
      jsonb_agg(jsonb_build_array(sketch, added)) FILTER (WHERE added IS NOT NULL)
    FROM (${units}) AS units GROUP BY subject_id, stage, arm, metric`;
}

/**
 * Adds contributions to the sums of their units, in the arm of the unit's exposure; units without one are left out. What the arms'
 * sums change by is noted in the same statement.
 */
export async function addContributions(
  ctx: TenantContext,
  contributions: readonly Contribution[],
): Promise<void> {
  if (contributions.length === 0) return;
  const column = <T>(pick: (one: Contribution) => T): T[] => contributions.map(pick);
  const sketches = contributions.some((one) => one.sketch !== null)
    ? column(({ sketch }) => (sketch === null ? null : JSON.stringify(sketch)))
    : [];
  // Sums only grow by what is added, so that what they were before follows from what they are.
  const units = sql`
    SELECT *, CASE WHEN any_outcome THEN (sum > 0)::int ELSE sum END AS v, CASE WHEN any_outcome THEN (old_sum > 0)::int ELSE old_sum END AS old_v,
      c AS old_c, CASE WHEN n > 0 OR per_unit THEN c END AS x, CASE WHEN old_n > 0 OR per_unit THEN c END AS old_x
    FROM (SELECT m.subject_id, m.stage, m.arm, m.metric, m.n::float8 AS n, (m.n - d.n)::float8 AS old_n, m.sum, m.sum - d.sum AS old_sum,
        COALESCE(m.other_sum, m.n) AS o, COALESCE(m.other_sum, m.n) - COALESCE(d.other_sum, d.n) AS old_o,
        m.covariate AS c, m.sketch, d.sketch AS added, d.per_unit, d.any_outcome
      FROM moved m JOIN d ON d.subject_id = m.subject_id AND d.metric = m.metric AND d.unit_id = m.unit_id) AS changed`;
  await sql`
    WITH d AS MATERIALIZED (
      SELECT subject_id, metric, unit_id, n, sum, sum_squares, first_value, other_sum, sketch::jsonb AS sketch, per_unit, any_outcome, is_tested
      FROM unnest(${column((one) => one.subjectId)}::uuid[], ${column((one) => one.metric)}::text[], ${column((one) => one.unitId)}::text[],
        ${column((one) => one.n)}::bigint[], ${column((one) => one.sum)}::float8[], ${column((one) => one.sumSquares)}::float8[],
        ${column((one) => one.first)}::float8[], ${column((one) => one.other)}::float8[], ${sketches}::text[],
        ${column((one) => one.perUnit)}::boolean[], ${column((one) => one.anyOutcome)}::boolean[], ${column((one) => one.isTested)}::boolean[])
        AS d(subject_id, metric, unit_id, n, sum, sum_squares, first_value, other_sum, sketch, per_unit, any_outcome, is_tested)
    ), moved AS (
      INSERT INTO unit_metrics (organization_id, subject_id, metric, unit_id, subject_type, arm, stage, share, n, sum, sum_squares, first_value, other_sum, sketch,
        first_at, last_at, closed_at)
      SELECT e.organization_id, d.subject_id, d.metric, d.unit_id, e.subject_type, e.arm, e.stage, e.share, d.n, d.sum, d.sum_squares, d.first_value, d.other_sum, d.sketch,
        ${NOW}, ${NOW}, CASE WHEN NOT d.is_tested THEN ${NOW} END
      FROM d JOIN exposures e ON e.organization_id = ${ctx.organizationId} AND e.subject_id = d.subject_id AND e.unit_id = d.unit_id
      ORDER BY d.subject_id, d.metric, d.unit_id
      ON CONFLICT (organization_id, subject_id, metric, unit_id) DO UPDATE SET
        n = unit_metrics.n + EXCLUDED.n,
        sum = unit_metrics.sum + EXCLUDED.sum,
        sum_squares = unit_metrics.sum_squares + EXCLUDED.sum_squares,
        first_value = CASE WHEN unit_metrics.n = 0 THEN EXCLUDED.first_value ELSE unit_metrics.first_value END,
        first_at = CASE WHEN unit_metrics.n = 0 THEN EXCLUDED.first_at ELSE unit_metrics.first_at END,
        other_sum = CASE WHEN EXCLUDED.other_sum IS NULL THEN unit_metrics.other_sum ELSE COALESCE(unit_metrics.other_sum, 0) + EXCLUDED.other_sum END,
        sketch = CASE WHEN EXCLUDED.sketch IS NULL THEN unit_metrics.sketch ELSE learning_add_counts(unit_metrics.sketch, EXCLUDED.sketch) END,
        last_at = EXCLUDED.last_at
      RETURNING subject_id, metric, unit_id, stage, arm, n, sum, other_sum, covariate, sketch
    ) ${noteChanges(ctx, units)}`.execute(ctx.tx);
}

/** Keeps the covariates of exposed units; the first one told stays. */
export async function addCovariates(ctx: TenantContext, covariates: readonly Covariate[]): Promise<void> {
  if (covariates.length === 0) return;
  const rows = covariates.map((one) => ({
    subject_id: one.subjectId,
    metric: one.metric,
    unit_id: one.unitId,
    value: one.value,
    per_unit: one.perUnit,
  }));
  // Value and other value stay; nothing was there before.
  const units = sql`
    SELECT m.subject_id, m.stage, m.arm, m.metric, m.n, m.n AS old_n, m.sum AS v, m.sum AS old_v, COALESCE(m.other_sum, m.n) AS o,
      COALESCE(m.other_sum, m.n) AS old_o, m.covariate AS c, NULL::float8 AS old_c,
      CASE WHEN m.n > 0 OR d.per_unit THEN m.covariate END AS x, NULL::float8 AS old_x, NULL::jsonb AS sketch, NULL::jsonb AS added
    FROM moved m JOIN d ON d.subject_id = m.subject_id AND d.metric = m.metric AND d.unit_id = m.unit_id`;
  await sql`
    WITH d AS MATERIALIZED (
      SELECT DISTINCT ON (subject_id, metric, unit_id) *
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS d(subject_id uuid, metric text, unit_id text, value float8, per_unit boolean)
      ORDER BY subject_id, metric, unit_id
    ), moved AS (
      INSERT INTO unit_metrics (organization_id, subject_id, metric, unit_id, subject_type, arm, stage, share, covariate)
      SELECT e.organization_id, d.subject_id, d.metric, d.unit_id, e.subject_type, e.arm, e.stage, e.share, d.value
      FROM d JOIN exposures e ON e.organization_id = ${ctx.organizationId} AND e.subject_id = d.subject_id AND e.unit_id = d.unit_id
      ORDER BY d.subject_id, d.metric, d.unit_id
      ON CONFLICT (organization_id, subject_id, metric, unit_id) DO UPDATE SET covariate = EXCLUDED.covariate
        WHERE unit_metrics.covariate IS NULL
      RETURNING subject_id, metric, unit_id, stage, arm, n, sum, other_sum, covariate
    ) ${noteChanges(ctx, units)}`.execute(ctx.tx);
}
