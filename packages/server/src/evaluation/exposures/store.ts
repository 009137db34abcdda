import { sql } from "kysely";
import { type Split, UNIT_METRICS } from "@agent-learning/contract";
import { experimentArms, experimentSplit, rolloutSplit } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import { builtInMetric, isWatchedForHarm, metricsOf } from "../metrics/index.ts";
import type { CountedMetric } from "./contributions.ts";

/** The experiment or rollout that evidence is about. */
export interface Subject {
  agentId: string;
  split: Split;
  /** The version of each arm, of closed ones too: what was served stays counted. */
  versions: ReadonlyMap<string, string>;
  metrics: readonly CountedMetric[];
  startedAt: Date | null;
}

/** What executions and votes say of every rollout; a guardrail of the agent's own is reported by its name. */
const ROLLOUT_METRICS = [...UNIT_METRICS, "cost_usd" as const].map((name) => ({
  ...builtInMetric(name),
  isTested: true,
}));

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
    .where("started_at", "is not", null)
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
      {
        agentId: row.agent_id,
        split: experimentSplit(row),
        versions: new Map(experimentArms(row).map((arm) => [arm.name, arm.versionId])),
        metrics: metricsOf(row).map((metric) => ({ ...metric, isTested: isWatchedForHarm(metric) })),
        startedAt: row.started_at,
      },
    ]),
    ...rollouts.map((row): [string, Subject] => {
      const split = rolloutSplit(row);
      return [
        row.id,
        {
          agentId: row.agent_id,
          split,
          versions: new Map(split.arms.map((arm) => [arm.name, arm.version_id])),
          metrics: ROLLOUT_METRICS,
          startedAt: row.started_at,
        },
      ];
    }),
  ]);
}

/** Read once for the statement. */
const NOW = sql`(SELECT learning_now())`;

export interface NewExposure {
  subject: Subject;
  unitId: string;
  arm: string;
  versionId: string;
  /** RFC 3339; null: now. */
  occurredAt: string | null;
  /** The same batch saw the unit in another arm as well. */
  crossedOver: boolean;
}

/**
 * Stores exposures; the first arm of a unit stays. What the arms' numbers of units and crossings change by is noted in the same
 * statement, under the metric "exposure": units as n, crossings as sum.
 * @returns how many units were new, and how many crossed over now
 */
export async function insertExposures(
  ctx: TenantContext,
  exposures: readonly NewExposure[],
): Promise<{ recorded: number; crossedOver: number }> {
  if (exposures.length === 0) return { recorded: 0, crossedOver: 0 };
  const rows = exposures.map((exposure) => ({
    id: newId(),
    subject_id: exposure.subject.split.id,
    subject_type: exposure.subject.split.kind,
    stage: exposure.subject.split.stage,
    share: exposure.subject.split.share,
    agent_id: exposure.subject.agentId,
    occurred_at: exposure.occurredAt,
    unit_id: exposure.unitId,
    arm: exposure.arm,
    version_id: exposure.versionId,
    crossed_over: exposure.crossedOver,
  }));
  const { rows: changed } = await sql<{ recorded: number; crossed_over: number }>`
    WITH changed AS (
      INSERT INTO exposures (organization_id, subject_id, unit_id, id, agent_id, subject_type, arm, version_id, stage, share, crossed_over, created_at)
      SELECT ${ctx.organizationId}::uuid, d.subject_id, d.unit_id, d.id, d.agent_id, d.subject_type, d.arm, d.version_id, d.stage, d.share, d.crossed_over,
        LEAST(COALESCE(d.occurred_at, ${NOW}), ${NOW})
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS d(subject_id uuid, unit_id text, id uuid, agent_id uuid,
        subject_type text, arm text, version_id uuid, stage int, share float8, crossed_over boolean, occurred_at timestamptz)
      ORDER BY d.subject_id, d.unit_id
      ON CONFLICT (organization_id, subject_id, unit_id) DO UPDATE SET crossed_over = true
        WHERE NOT exposures.crossed_over AND (exposures.arm <> EXCLUDED.arm OR EXCLUDED.crossed_over)
      RETURNING subject_id, stage, arm, (xmax = 0)::int AS recorded, crossed_over::int AS crossed_over
    ), noted AS (
      INSERT INTO unit_changes (organization_id, subject_id, stage, arm, metric, units, n, sum, sum_squares, other_sum, other_sum_squares, cross_sum)
      SELECT ${ctx.organizationId}::uuid, subject_id, stage, arm, 'exposure', count(*), sum(recorded), sum(crossed_over), sum(crossed_over),
        sum(recorded), sum(recorded), sum(crossed_over)
      FROM changed GROUP BY subject_id, stage, arm
    )
    SELECT COALESCE(sum(recorded), 0)::int AS recorded, COALESCE(sum(crossed_over), 0)::int AS crossed_over FROM changed`.execute(
    ctx.tx,
  );
  return { recorded: changed[0]?.recorded ?? 0, crossedOver: changed[0]?.crossed_over ?? 0 };
}

export interface OutcomeRow {
  subject_id: string;
  outcome_id: string;
  unit_id: string;
  metric: string;
  value: number;
  denominator: number | null;
}

/** Stores outcomes that are not known yet; returns the keys of those that are new. */
export async function insertOutcomes(
  ctx: TenantContext,
  outcomes: readonly (OutcomeRow & { occurred_at: string | null })[],
): Promise<Pick<OutcomeRow, "subject_id" | "outcome_id">[]> {
  const result = await sql<Pick<OutcomeRow, "subject_id" | "outcome_id">>`
    INSERT INTO outcomes (organization_id, subject_id, outcome_id, unit_id, metric, value, denominator, occurred_at)
    SELECT ${ctx.organizationId}::uuid, d.subject_id, d.outcome_id, d.unit_id, d.metric, d.value, d.denominator, d.occurred_at
    FROM jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) AS d(subject_id uuid, outcome_id text, unit_id text, metric text, value float8, denominator float8, occurred_at timestamptz)
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
    SELECT o.subject_id, o.outcome_id, o.unit_id, o.metric, o.value, o.denominator FROM outcomes o
    JOIN jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) AS d(subject_id uuid, outcome_id text)
      ON o.subject_id = d.subject_id AND o.outcome_id = d.outcome_id
    WHERE o.organization_id = ${ctx.organizationId}`.execute(ctx.tx);
  return result.rows;
}

/** Of these units, the ones with an exposure, and when it was. */
export async function selectExposedUnits(
  ctx: TenantContext,
  units: readonly { subject_id: string; unit_id: string }[],
): Promise<{ subject_id: string; unit_id: string; created_at: Date }[]> {
  const result = await sql<{ subject_id: string; unit_id: string; created_at: Date }>`
    SELECT e.subject_id, e.unit_id, e.created_at FROM exposures e
    JOIN jsonb_to_recordset(${JSON.stringify(units)}::jsonb) AS d(subject_id uuid, unit_id text)
      ON e.subject_id = d.subject_id AND e.unit_id = d.unit_id
    WHERE e.organization_id = ${ctx.organizationId}`.execute(ctx.tx);
  return result.rows;
}

/** Of these rollouts, the metrics that must not drop: their values lie in 0 to 1. */
export async function selectBoundedMetrics(
  ctx: TenantContext,
  rolloutIds: readonly string[],
): Promise<{ rollout_id: string; metric: string }[]> {
  const { rows } = await sql<{ rollout_id: string; metric: string }>`
    SELECT r.id AS rollout_id, g->>'metric' AS metric
    FROM rollouts r CROSS JOIN LATERAL jsonb_array_elements(COALESCE(r.policy #> '{guardrails,additional}', '[]')) g
    WHERE r.organization_id = ${ctx.organizationId} AND r.id IN (${sql.join(rolloutIds)}) AND g->>'kind' = 'drop'`.execute(
    ctx.tx,
  );
  return rows;
}
