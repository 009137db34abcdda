import { sql } from "kysely";
import { experimentSplit, rolloutSplit } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import type { Contribution } from "./contributions.ts";
import type { Split } from "@agent-learning/contract";

/** The experiment or rollout that evidence is about. */
export interface Subject {
  agentId: string;
  split: Split;
}

/** The named experiments and rollouts that have been started, by id. */
export async function selectSubjects(
  ctx: TenantContext,
  ids: readonly string[],
): Promise<Map<string, Subject>> {
  if (ids.length === 0) return new Map();
  const experiments = await ctx.tx
    .selectFrom("learning_experiments")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "in", ids)
    .where("status", "<>", "draft")
    .execute();
  const rollouts =
    experiments.length === ids.length
      ? []
      : await ctx.tx
          .selectFrom("rollouts")
          .selectAll()
          .where("organization_id", "=", ctx.organizationId)
          .where("id", "in", ids)
          .where("status", "<>", "pending")
          .execute();
  return new Map([
    ...experiments.map((row): [string, Subject] => [
      row.id,
      { agentId: row.agent_id, split: experimentSplit(row) },
    ]),
    ...rollouts.map((row): [string, Subject] => [
      row.id,
      { agentId: row.agent_id, split: rolloutSplit(row) },
    ]),
  ]);
}

export interface NewExposure {
  agentId: string;
  split: Split;
  unitId: string;
  arm: string;
  versionId: string;
  /** The same batch saw the unit in another arm as well. */
  crossedOver: boolean;
}

/** Stores exposures; the first arm of a unit stays. Returns what is new: first exposures, and first crossings. */
export async function insertExposures(
  ctx: TenantContext,
  exposures: readonly NewExposure[],
): Promise<{ subjectId: string; unitId: string; inserted: boolean; crossedOver: boolean }[]> {
  if (exposures.length === 0) return [];
  const rows = exposures.map((exposure) => ({
    id: newId(),
    subject_id: exposure.split.id,
    subject_type: exposure.split.kind,
    stage: exposure.split.stage,
    share: exposure.split.share,
    agent_id: exposure.agentId,
    unit_id: exposure.unitId,
    arm: exposure.arm,
    version_id: exposure.versionId,
    crossed_over: exposure.crossedOver,
  }));
  const result = await sql<{ subject_id: string; unit_id: string; inserted: boolean; crossed_over: boolean }>`
    INSERT INTO exposures (organization_id, subject_id, unit_id, id, agent_id, subject_type, arm, version_id, stage, share, crossed_over)
    SELECT ${ctx.organizationId}::uuid, d.subject_id, d.unit_id, d.id, d.agent_id, d.subject_type, d.arm, d.version_id, d.stage, d.share, d.crossed_over
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS d(subject_id uuid, unit_id text, id uuid, agent_id uuid,
      subject_type text, arm text, version_id uuid, stage int, share float8, crossed_over boolean)
    ORDER BY d.subject_id, d.unit_id
    ON CONFLICT (organization_id, subject_id, unit_id) DO UPDATE SET crossed_over = true
      WHERE NOT exposures.crossed_over AND (exposures.arm <> EXCLUDED.arm OR EXCLUDED.crossed_over)
    RETURNING subject_id, unit_id, xmax = 0 AS inserted, crossed_over`.execute(ctx.tx);
  return result.rows.map((row) => ({
    subjectId: row.subject_id,
    unitId: row.unit_id,
    inserted: row.inserted,
    crossedOver: row.crossed_over,
  }));
}

/**
 * Adds contributions to the sums of their units, in the arm of the unit's exposure; units without one are left out. Their
 * units become due for folding again.
 */
export async function addContributions(
  ctx: TenantContext,
  contributions: readonly Contribution[],
): Promise<void> {
  if (contributions.length === 0) return;
  const rows = contributions.map((one) => ({
    subject_id: one.subjectId,
    metric: one.metric,
    unit_id: one.unitId,
    n: one.n,
    sum: one.sum,
    sum_squares: one.sumSquares,
    first_value: one.first,
  }));
  await sql`
    INSERT INTO unit_metrics (organization_id, subject_id, metric, unit_id, subject_type, arm, stage, share, n, sum, sum_squares, first_value, closed_at)
    SELECT e.organization_id, d.subject_id, d.metric, d.unit_id, e.subject_type, e.arm, e.stage, e.share, d.n, d.sum, d.sum_squares, d.first_value,
      CASE WHEN d.metric = 'exposure' THEN learning_now() END
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS d(subject_id uuid, metric text, unit_id text, n bigint, sum float8, sum_squares float8, first_value float8)
    JOIN exposures e ON e.organization_id = ${ctx.organizationId} AND e.subject_id = d.subject_id AND e.unit_id = d.unit_id
    ORDER BY d.subject_id, d.metric, d.unit_id
    ON CONFLICT (organization_id, subject_id, metric, unit_id) DO UPDATE SET
      n = unit_metrics.n + EXCLUDED.n,
      sum = unit_metrics.sum + EXCLUDED.sum,
      sum_squares = unit_metrics.sum_squares + EXCLUDED.sum_squares,
      first_value = CASE WHEN unit_metrics.n = 0 THEN EXCLUDED.first_value ELSE unit_metrics.first_value END,
      last_at = learning_now(),
      folded_at = NULL`.execute(ctx.tx);
}

export interface OutcomeRow {
  subject_id: string;
  outcome_id: string;
  unit_id: string;
  metric: string;
  value: number;
}

/** Stores outcomes that are not known yet; returns the keys of those that are new. */
export async function insertOutcomes(
  ctx: TenantContext,
  outcomes: readonly OutcomeRow[],
): Promise<Pick<OutcomeRow, "subject_id" | "outcome_id">[]> {
  const result = await sql<Pick<OutcomeRow, "subject_id" | "outcome_id">>`
    INSERT INTO outcomes (organization_id, subject_id, outcome_id, unit_id, metric, value)
    SELECT ${ctx.organizationId}::uuid, d.subject_id, d.outcome_id, d.unit_id, d.metric, d.value
    FROM jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) AS d(subject_id uuid, outcome_id text, unit_id text, metric text, value float8)
    ORDER BY d.subject_id, d.outcome_id
    ON CONFLICT DO NOTHING
    RETURNING subject_id, outcome_id`.execute(ctx.tx);
  return result.rows;
}

export async function selectOutcomes(
  ctx: TenantContext,
  keys: readonly Pick<OutcomeRow, "subject_id" | "outcome_id">[],
): Promise<OutcomeRow[]> {
  if (keys.length === 0) return [];
  const result = await sql<OutcomeRow>`
    SELECT o.subject_id, o.outcome_id, o.unit_id, o.metric, o.value FROM outcomes o
    JOIN jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) AS d(subject_id uuid, outcome_id text)
      ON o.subject_id = d.subject_id AND o.outcome_id = d.outcome_id
    WHERE o.organization_id = ${ctx.organizationId}`.execute(ctx.tx);
  return result.rows;
}

/** Of these units, the ones with an exposure. */
export async function selectExposedUnits(
  ctx: TenantContext,
  units: readonly { subject_id: string; unit_id: string }[],
): Promise<{ subject_id: string; unit_id: string }[]> {
  const result = await sql<{ subject_id: string; unit_id: string }>`
    SELECT e.subject_id, e.unit_id FROM exposures e
    JOIN jsonb_to_recordset(${JSON.stringify(units)}::jsonb) AS d(subject_id uuid, unit_id text)
      ON e.subject_id = d.subject_id AND e.unit_id = d.unit_id
    WHERE e.organization_id = ${ctx.organizationId}`.execute(ctx.tx);
  return result.rows;
}
