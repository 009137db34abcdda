import { pairedComparison } from "@agent-learning/learning";
import { sql } from "kysely";
import type { Json, TenantTransaction } from "../database/index.ts";

/** What `--json` writes. Every number is counted from rows when this is read. */
export interface DemoSummary {
  accuracy_before: number;
  accuracy_after: number;
  /** 95 % interval of after less before, on the same held-out messages. */
  interval: [number, number];
  votes: number;
  corrections: number;
  examples: number;
  dataset: Json;
  experiment: Json;
  rollout: Json;
  /** Of the bad version; with the release of an identical version beside it, null when there was none. */
  rollback: Json;
  seconds: number;
}

/** What the table says beside the summary, from rows too. */
export interface DemoBackground {
  held_out: number;
  executions: number;
  examples_approved: number;
  annotations: number;
}

export interface SummaryIds {
  organizationId: string;
  agentId: string;
  datasetId: string;
  experimentId: string;
  rolloutId: string | undefined;
  identicalRolloutId: string | undefined;
  badRolloutId: string;
}

interface Measured {
  row: number;
  before: number;
  after: number;
}

async function readMeasurements(tx: TenantTransaction, ids: SummaryIds): Promise<Measured[]> {
  const { rows } = await sql<Measured>`
    SELECT (metadata->>'row')::int AS row,
      MAX((output_text = metadata->>'expected')::int) FILTER (WHERE metadata->>'phase' = 'before') AS before,
      MAX((output_text = metadata->>'expected')::int) FILTER (WHERE metadata->>'phase' = 'after') AS after
    FROM agent_executions
    WHERE organization_id = ${ids.organizationId} AND agent_id = ${ids.agentId} AND environment = 'staging' AND metadata ? 'phase'
    GROUP BY 1 ORDER BY 1`.execute(tx);
  return rows;
}

async function one<T>(tx: TenantTransaction, query: ReturnType<typeof sql<T>>): Promise<T> {
  const { rows } = await query.execute(tx);
  const row = rows[0];
  if (row === undefined) throw new Error("the summary found no row where there must be one");
  return row;
}

async function readRelease(
  tx: TenantTransaction,
  organizationId: string,
  rolloutId: string | undefined,
): Promise<Json> {
  if (rolloutId === undefined) return null;
  const { value } = await one(
    tx,
    sql<{ value: Json }>`
    SELECT jsonb_build_object('id', r.id, 'status', r.status, 'stages', (
      SELECT jsonb_agg(jsonb_build_object('event', e.event, 'share', e.share, 'hours',
        ROUND((EXTRACT(EPOCH FROM e.created_at - r.started_at) / 3600)::numeric, 1)) ORDER BY e.version)
      FROM rollout_events e WHERE e.organization_id = r.organization_id AND e.rollout_id = r.id),
      'units', (SELECT jsonb_object_agg(arm, units) FROM (
        SELECT arm, COUNT(*) AS units FROM exposures x WHERE x.organization_id = r.organization_id AND x.subject_id = r.id GROUP BY arm) AS arms)
    ) AS value FROM rollouts r WHERE r.organization_id = ${organizationId} AND r.id = ${rolloutId}`,
  );
  return value;
}

async function readRollback(tx: TenantTransaction, ids: SummaryIds): Promise<Record<string, Json>> {
  const { value } = await one(
    tx,
    sql<{ value: Record<string, Json> }>`
    SELECT jsonb_build_object('id', r.id, 'status', r.status, 'trigger', r.rollback_reason,
      'requests_until', (SELECT COUNT(*) FROM exposures x
        WHERE x.organization_id = r.organization_id AND x.subject_id = r.id AND x.arm = 'candidate' AND x.created_at <= e.created_at),
      'failed_until', (SELECT COUNT(*) FROM agent_executions x
        WHERE x.organization_id = r.organization_id AND x.rollout_id = r.id AND x.arm = 'candidate' AND x.status = 'failed' AND x.created_at <= e.created_at),
      'hours', ROUND((EXTRACT(EPOCH FROM e.created_at - r.started_at) / 3600)::numeric, 1),
      'evidence', e.evidence) AS value
    FROM rollouts r LEFT JOIN rollout_events e
      ON e.organization_id = r.organization_id AND e.rollout_id = r.id AND e.event = 'rolled_back'
    WHERE r.organization_id = ${ids.organizationId} AND r.id = ${ids.badRolloutId}`,
  );
  return value;
}

/** Reads the table from the database, and from nothing else. */
export async function readSummary(
  tx: TenantTransaction,
  ids: SummaryIds,
): Promise<{ summary: DemoSummary; background: DemoBackground }> {
  const measured = await readMeasurements(tx, ids);
  const comparison = pairedComparison(
    measured.map(({ row, before, after }) => ({ rowId: String(row), seed: before, candidate: after })),
  );
  const counts = await one(
    tx,
    sql<{
      votes: number;
      corrections: number;
      examples: number;
      approved: number;
      annotations: number;
      executions: number;
      seconds: number;
    }>`
    SELECT
      (SELECT COUNT(*)::int FROM agent_feedback WHERE organization_id = ${ids.organizationId} AND satisfaction IS NOT NULL AND status = 'live') AS votes,
      (SELECT COUNT(*)::int FROM agent_feedback WHERE organization_id = ${ids.organizationId} AND feedback_type = 'correction' AND status = 'live') AS corrections,
      (SELECT COUNT(*)::int FROM learning_examples WHERE organization_id = ${ids.organizationId}) AS examples,
      (SELECT COUNT(*)::int FROM learning_examples WHERE organization_id = ${ids.organizationId} AND review_status = 'approved') AS approved,
      (SELECT COUNT(*)::int FROM expert_annotations WHERE organization_id = ${ids.organizationId}) AS annotations,
      (SELECT COUNT(*)::int FROM agent_executions WHERE organization_id = ${ids.organizationId}) AS executions,
      (SELECT EXTRACT(EPOCH FROM NOW() - (SELECT created_at FROM organizations WHERE id = ${ids.organizationId}))::float8) AS seconds`,
  );
  const { dataset, experiment } = await one(
    tx,
    sql<{ dataset: Json; experiment: Json }>`
    SELECT (SELECT jsonb_build_object('id', id, 'version', version, 'examples', total_examples, 'splits', split_counts,
        'human_verified_percentage', human_verified_percentage, 'agreement', ROUND(agreement::numeric, 3), 'content_hash', content_hash)
      FROM training_datasets WHERE organization_id = ${ids.organizationId} AND id = ${ids.datasetId}) AS dataset,
      (SELECT jsonb_build_object('id', id, 'verdict', decision, 'winner', winner, 'significance', statistical_significance,
        'units', jsonb_build_object('control', current_control_samples, 'treatment', current_treatment_samples),
        'satisfaction', jsonb_build_object('control', control_metrics->primary_metric->'mean', 'treatment', treatment_metrics->primary_metric->'mean'),
        'hours', ROUND((EXTRACT(EPOCH FROM COALESCE(ended_at, learning_now()) - started_at) / 3600)::numeric, 1))
      FROM learning_experiments WHERE organization_id = ${ids.organizationId} AND id = ${ids.experimentId}) AS experiment`,
  );
  const rollback = await readRollback(tx, ids);
  const identical = await readRelease(tx, ids.organizationId, ids.identicalRolloutId);
  return {
    summary: {
      accuracy_before: comparison.seedMean,
      accuracy_after: comparison.candidateMean,
      interval: comparison.interval,
      votes: counts.votes,
      corrections: counts.corrections,
      examples: counts.examples,
      dataset,
      experiment,
      rollout: await readRelease(tx, ids.organizationId, ids.rolloutId),
      rollback: { ...rollback, identical_version: identical },
      seconds: counts.seconds,
    },
    background: {
      held_out: comparison.rows,
      executions: counts.executions,
      examples_approved: counts.approved,
      annotations: counts.annotations,
    },
  };
}
