import type { RolloutEvidence } from "@agent-learning/contract";
import { type RawBuilder, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { WatchedGuardrail } from "../guardrails/index.ts";

export type EvidenceSource = RolloutEvidence["kind"];

/** Where a page ended, within one source: its own key, and that of the execution it hangs on where there is one. */
export type EvidenceKey = [id: string, executionId: string];

export interface EvidenceFilter {
  rolloutId: string;
  guardrail: WatchedGuardrail;
  /** What a unit must not be above, of a guardrail on a rise; null while it is not known. */
  riseLimit: number | null;
  arm: string;
  source: EvidenceSource;
  against: boolean;
  after: EvidenceKey | undefined;
  limit: number;
}

const EXECUTION_VALUES: Readonly<Record<string, RawBuilder<unknown>>> = {
  error_rate: sql`(e.status = 'failed')::int`,
  latency_ms: sql`e.latency_ms`,
  cost_usd: sql`e.cost_usd`,
  task_completion: sql`e.task_completed::int`,
};

/** Where the rows of a metric come from. Outcomes that callers report by themselves may be of any metric. */
export function sourcesOf(metric: string): EvidenceSource[] {
  if (metric === "satisfaction") return ["feedback", "outcome"];
  return metric in EXECUTION_VALUES ? ["execution", "outcome"] : ["outcome"];
}

function against({ guardrail, riseLimit }: EvidenceFilter, value: RawBuilder<unknown>): RawBuilder<unknown> {
  if (guardrail.kind === "rise")
    return riseLimit === null ? sql`false` : sql`${value} > ${riseLimit}::float8`;
  return guardrail.kind === "rate" ? sql`${value} > 0` : sql`${value} < 0.5`;
}

function executions(ctx: TenantContext, filter: EvidenceFilter): RawBuilder<RolloutEvidence> {
  const { metric } = filter.guardrail;
  const value = EXECUTION_VALUES[metric] ?? sql`NULL`;
  // Said as the index of failed executions says it.
  const speaks = metric === "error_rate" ? sql`e.status = 'failed'` : against(filter, value);
  return sql<RolloutEvidence>`
    SELECT 'execution' AS kind, e.id::text AS id, e.id AS execution_id, e.arm, e.unit_id, (${value})::float8 AS value,
      e.error_type, e.created_at
    FROM agent_executions e
    WHERE e.organization_id = ${ctx.organizationId} AND e.rollout_id = ${filter.rolloutId} AND e.arm = ${filter.arm}
      AND ${value} IS NOT NULL AND ${filter.against ? speaks : sql`NOT (${speaks})`}
      ${filter.after === undefined ? sql`` : sql`AND e.id > ${filter.after[0]}::uuid`}
    ORDER BY e.id LIMIT ${filter.limit}::int`;
}

function votes(ctx: TenantContext, filter: EvidenceFilter): RawBuilder<RolloutEvidence> {
  const speaks = against(filter, sql`f.satisfaction`);
  return sql<RolloutEvidence>`
    SELECT 'feedback' AS kind, f.id::text AS id, e.id AS execution_id, e.arm, e.unit_id, f.satisfaction AS value,
      NULL::text AS error_type, f.created_at
    FROM agent_executions e
    JOIN agent_feedback f ON f.organization_id = e.organization_id AND f.execution_id = e.id
    WHERE e.organization_id = ${ctx.organizationId} AND e.rollout_id = ${filter.rolloutId} AND e.arm = ${filter.arm}
      AND f.status = 'live' AND f.satisfaction IS NOT NULL AND ${filter.against ? speaks : sql`NOT (${speaks})`}
      ${filter.after === undefined ? sql`` : sql`AND e.id >= ${filter.after[1]}::uuid AND (e.id, f.id) > (${filter.after[1]}::uuid, ${filter.after[0]}::uuid)`}
    ORDER BY e.id, f.id LIMIT ${filter.limit}::int`;
}

function outcomes(ctx: TenantContext, filter: EvidenceFilter): RawBuilder<RolloutEvidence> {
  const speaks = against(filter, sql`o.value`);
  return sql<RolloutEvidence>`
    SELECT 'outcome' AS kind, o.outcome_id AS id, NULL::uuid AS execution_id, x.arm, o.unit_id, o.value,
      NULL::text AS error_type, o.created_at
    FROM outcomes o
    JOIN exposures x ON x.organization_id = o.organization_id AND x.subject_id = o.subject_id AND x.unit_id = o.unit_id
    WHERE o.organization_id = ${ctx.organizationId} AND o.subject_id = ${filter.rolloutId}
      AND o.metric = ${filter.guardrail.metric} AND x.arm = ${filter.arm} AND ${filter.against ? speaks : sql`NOT (${speaks})`}
      ${filter.after === undefined ? sql`` : sql`AND o.outcome_id > ${filter.after[0]}`}
    ORDER BY o.outcome_id LIMIT ${filter.limit}::int`;
}

const QUERIES = { execution: executions, feedback: votes, outcome: outcomes };

/** Rows of one source that speak against the arm, or for it, in the order of their keys. */
export async function selectEvidence(ctx: TenantContext, filter: EvidenceFilter): Promise<RolloutEvidence[]> {
  const { rows } = await QUERIES[filter.source](ctx, filter).execute(ctx.tx);
  return rows.map((row) => ({
    ...row,
    value: Number(row.value),
    against: filter.against,
    created_at: new Date(row.created_at).toISOString(),
  }));
}
