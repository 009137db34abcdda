import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { prepared } from "../../database/index.ts";
import type { AgentExecutionsTable } from "../../database/schema.ts";
import type { Selectable } from "kysely";
import type { StoredExecution } from "../evidence-observer.ts";
import type { HeldRow } from "../feedback/holding/held-feedback.ts";
import { arrivalLock } from "../ingestion/store.ts";
import type { NewPerson, PersonReference } from "../people/raters.ts";
import { findPerson, insertPeople } from "../people/store.ts";
import type { CounterLedger } from "../statistics/counters.ts";
import { foldInto } from "../statistics/store.ts";

/** What an execution names. */
export interface ReferenceQuery {
  agentId: string;
  externalId: string;
  person: PersonReference | null;
  versionId: string | null;
  experimentId: string | null;
  rolloutId: string | null;
}

/** What of it is known: ids are null, flags false, where nothing of that name belongs to the agent. */
export interface References {
  knownId: string | null;
  userId: string | null;
  hasVersion: boolean;
  hasSplit: boolean;
}

/**
 * Looks up what executions name, one answer for each, and the time; and waits for what is being stored ahead of executions
 * of these agents (`lockArrivals`), so that the write that follows sees it.
 */
export async function findReferences(
  ctx: TenantContext,
  queries: readonly ReferenceQuery[],
): Promise<{ references: References[]; now: Date }> {
  const locks = [...new Set(queries.map((query) => query.agentId))]
    .sort()
    .map((agentId) => arrivalLock(ctx.organizationId, agentId));
  const input = queries.map((query, n) => ({
    n,
    agent: query.agentId,
    external: query.externalId,
    person: query.person?.externalId ?? null,
    person_id: query.person?.userId ?? null,
    version: query.versionId,
    experiment: query.experimentId,
    rollout: query.rolloutId,
  }));
  const { rows } = await sql<References & { n: number; now: Date; locks: number }>`
    ${prepared("find_execution_references")}
    WITH locked AS MATERIALIZED (
      SELECT COUNT(pg_advisory_xact_lock_shared(hashtextextended(name, 0))) AS locks
      FROM (SELECT name FROM json_array_elements_text(${JSON.stringify(locks)}::json)
        WITH ORDINALITY AS l(name, n) ORDER BY n) AS ordered)
    SELECT i.n, e.id AS "knownId", u.id AS "userId", v.id IS NOT NULL AS "hasVersion",
      COALESCE(x.id, r.id) IS NOT NULL AS "hasSplit", date_trunc('milliseconds', learning_now()) AS now, locked.locks
    FROM locked CROSS JOIN json_to_recordset(${JSON.stringify(input)}::json) AS i(n int, agent uuid, external text,
      person text, person_id uuid, version uuid, experiment uuid, rollout uuid)
    LEFT JOIN LATERAL (SELECT k.id FROM agent_executions k WHERE k.organization_id = ${ctx.organizationId}
      AND k.external_id = i.external AND k.agent_id IS NOT DISTINCT FROM i.agent LIMIT 1) e ON true
    LEFT JOIN LATERAL ${findPerson(ctx, { externalId: "i.person", userId: "i.person_id" })} u ON true
    LEFT JOIN LATERAL (SELECT k.id FROM agent_versions k WHERE k.organization_id = ${ctx.organizationId}
      AND k.id = i.version AND k.agent_id = i.agent) v ON true
    LEFT JOIN LATERAL (SELECT k.id FROM learning_experiments k WHERE k.organization_id = ${ctx.organizationId}
      AND k.id = i.experiment AND k.agent_id = i.agent) x ON true
    LEFT JOIN LATERAL (SELECT k.id FROM rollouts k WHERE k.organization_id = ${ctx.organizationId}
      AND k.id = i.rollout AND k.agent_id = i.agent) r ON true`.execute(ctx.tx);
  const references: References[] = [];
  for (const { n, knownId, userId, hasVersion, hasSplit } of rows) {
    references[n] = { knownId, userId, hasVersion, hasSplit };
  }
  return { references, now: rows[0]?.now ?? new Date() };
}

/** A row of `agent_executions`, whole. */
export interface NewExecution extends StoredExecution {
  input_context: object;
  error_message: string | null;
  metadata: object;
}

/** What waited for one of the new executions. */
export type WaitingFeedback = HeldRow & { execution_id: string };

/**
 * Inserts executions with their people and counters, attaches the retrievals that waited for them, and locks and returns the
 * feedback that did. A unique violation means that another transaction recorded the same: start again, and it will be found.
 */
export async function writeExecutions(
  ctx: TenantContext,
  write: {
    executions: readonly NewExecution[];
    people: readonly NewPerson[];
    ledger: CounterLedger;
    lane: number;
  },
): Promise<WaitingFeedback[]> {
  const rows = JSON.stringify(write.executions);
  const { rows: waiting } = await sql<WaitingFeedback>`
    ${prepared("insert_executions")}
    WITH people AS (${insertPeople(ctx, write.people)}),
    input AS (
      SELECT * FROM json_to_recordset(${rows}::json) AS r(id uuid, agent_id uuid, external_id text, version_id uuid,
        environment text, unit_id text, session_id text, user_id uuid, experiment_id uuid, rollout_id uuid, arm text,
        input_text text, input_context jsonb, output_text text, status text, error_type text, error_message text,
        task_completed boolean, latency_ms float8, prompt_tokens int, completion_tokens int, cost_usd numeric,
        metadata jsonb, created_at timestamptz)),
    executions AS (
      INSERT INTO agent_executions (organization_id, id, agent_id, external_id, version_id, environment, unit_id, session_id,
        user_id, experiment_id, rollout_id, arm, input_text, input_context, output_text, status, error_type, error_message,
        task_completed, latency_ms, prompt_tokens, completion_tokens, cost_usd, metadata, created_at)
      SELECT ${ctx.organizationId}::uuid, input.* FROM input ORDER BY agent_id, external_id),
    attached AS (
      UPDATE retrievals t SET execution_id = input.id FROM input
      WHERE t.organization_id = ${ctx.organizationId} AND t.execution_external_id = input.external_id
        AND t.execution_id IS NULL AND t.agent_id IS NOT DISTINCT FROM input.agent_id),
    counters AS (${foldInto(ctx, write.ledger, write.lane)})
    SELECT h.id, h.agent_id, h.execution_external_id, h.user_id, h.payload, h.status, h.expires_at, h.created_at,
      input.id AS execution_id
    FROM input JOIN agent_feedback_holding h ON h.organization_id = ${ctx.organizationId}
      AND h.execution_external_id = input.external_id AND h.status = 'held'
      AND h.agent_id IS NOT DISTINCT FROM input.agent_id
    ORDER BY h.created_at, h.id FOR UPDATE OF h`.execute(ctx.tx);
  return waiting;
}

export interface ExecutionFilter {
  agentId: string;
  status: string | undefined;
  versionId: string | undefined;
  from: string | undefined;
  to: string | undefined;
  /** Name of a tool that the execution told of having called. */
  tool: string | undefined;
}

/** Executions with tool calls in which a tool is looked for, from the cursor on: as many as behaviour learning looks at. */
const LOOKED_THROUGH = 1_000;

/** Up to `limit` rows, newest first, after a cursor. Stored times are whole milliseconds, as cursors are. */
export async function readExecutionPage(
  ctx: TenantContext,
  filter: ExecutionFilter,
  limit: number,
  after: { time: Date; id: string } | undefined,
): Promise<Selectable<AgentExecutionsTable>[]> {
  let query = ctx.tx
    .selectFrom("agent_executions")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", filter.agentId);
  if (filter.status !== undefined) query = query.where("status", "=", filter.status);
  if (filter.versionId !== undefined) query = query.where("version_id", "=", filter.versionId);
  if (filter.from !== undefined) query = query.where("created_at", ">=", new Date(filter.from));
  if (filter.to !== undefined) query = query.where("created_at", "<", new Date(filter.to));
  if (after !== undefined) {
    query = query.where(sql<boolean>`(created_at, id) < (${after.time}::timestamptz, ${after.id}::uuid)`);
  }
  const ordered = query.orderBy("created_at", "desc").orderBy("id", "desc");
  if (filter.tool === undefined) return ordered.limit(limit).execute();
  const told = ordered.where(sql<boolean>`(metadata -> 'tool_calls') IS NOT NULL`).limit(LOOKED_THROUGH);
  return ctx.tx
    .selectFrom(told.as("told"))
    .selectAll()
    .where(sql<boolean>`metadata -> 'tool_calls' @> ${JSON.stringify([{ tool: filter.tool }])}::jsonb`)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

/** One execution by the caller's own id, or ours. */
export async function readExecution(
  ctx: TenantContext,
  agentId: string,
  reference: { externalId: string; id: string | null },
): Promise<Selectable<AgentExecutionsTable> | undefined> {
  const rows = await ctx.tx
    .selectFrom("agent_executions")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where((where) =>
      where.or([
        where("external_id", "=", reference.externalId),
        ...(reference.id === null ? [] : [where("id", "=", reference.id)]),
      ]),
    )
    .limit(2)
    .execute();
  return rows.find((row) => row.external_id === reference.externalId) ?? rows[0];
}
