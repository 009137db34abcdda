import type { RetrievedChunk } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { CounterLedger } from "../statistics/counters.ts";
import { foldInto } from "../statistics/store.ts";

/** What a retrieval names. */
export interface RetrievalQuery {
  id: string;
  agentId: string;
  executionReference: string;
  executionId: string | null;
}

/** What of it is known: an earlier retrieval of this id, and the execution. */
export interface RetrievalTarget {
  known: { agentId: string; attached: boolean } | null;
  execution: { id: string; externalId: string } | null;
}

/** Looks up retrievals and executions, one answer for each query, and the time. */
export async function findRetrievalTargets(
  ctx: TenantContext,
  queries: readonly RetrievalQuery[],
): Promise<{ targets: RetrievalTarget[]; now: Date }> {
  const input = queries.map((query, n) => ({
    n,
    id: query.id,
    agent: query.agentId,
    execution: query.executionReference,
    execution_id: query.executionId,
  }));
  const { rows } = await sql<{
    n: number;
    known_agent_id: string | null;
    attached: boolean;
    execution_id: string | null;
    external_id: string | null;
    now: Date;
  }>`
    SELECT i.n, t.agent_id AS known_agent_id, t.execution_id IS NOT NULL AS attached, e.id AS execution_id, e.external_id,
      date_trunc('milliseconds', learning_now()) AS now
    FROM json_to_recordset(${JSON.stringify(input)}::json)
      AS i(n int, id uuid, agent uuid, execution text, execution_id uuid)
    LEFT JOIN retrievals t ON t.organization_id = ${ctx.organizationId} AND t.id = i.id
    LEFT JOIN LATERAL (
      SELECT x.id, x.external_id FROM agent_executions x WHERE x.organization_id = ${ctx.organizationId}
        AND x.external_id = i.execution AND x.agent_id IS NOT DISTINCT FROM i.agent
      UNION ALL
      SELECT x.id, x.external_id FROM agent_executions x WHERE x.organization_id = ${ctx.organizationId}
        AND x.id = i.execution_id AND x.agent_id IS NOT DISTINCT FROM i.agent
      LIMIT 1) e ON true`.execute(ctx.tx);
  const targets: RetrievalTarget[] = [];
  for (const row of rows) {
    targets[row.n] = {
      known: row.known_agent_id === null ? null : { agentId: row.known_agent_id, attached: row.attached },
      execution:
        row.execution_id === null ? null : { id: row.execution_id, externalId: row.external_id ?? "" },
    };
  }
  return { targets, now: rows[0]?.now ?? new Date() };
}

/** A row of `retrievals`. */
export interface RetrievalRow {
  id: string;
  agent_id: string;
  execution_id: string | null;
  execution_external_id: string;
  query_text: string;
  chunks: RetrievedChunk[];
  /** What the chunks say, by their names. */
  excerpts: Record<string, string> | null;
  ranker_version: string | null;
  created_at: Date;
}

/** Inserts retrievals with their counters. A unique violation means that another transaction recorded one of them. */
export async function writeRetrievals(
  ctx: TenantContext,
  rows: readonly RetrievalRow[],
  ledger: CounterLedger,
): Promise<void> {
  await sql`
    WITH retrieved AS (
      INSERT INTO retrievals (organization_id, id, agent_id, execution_id, execution_external_id, query_text, chunks,
        excerpts, ranker_version, created_at)
      SELECT ${ctx.organizationId}::uuid, r.* FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(id uuid,
        agent_id uuid, execution_id uuid, execution_external_id text, query_text text, chunks jsonb, excerpts jsonb, ranker_version text,
        created_at timestamptz) ORDER BY r.id),
    counters AS (${foldInto(ctx, ledger, 0)})
    SELECT 1`.execute(ctx.tx);
}

/** Up to `limit` rows of an agent, newest first, after a cursor. Stored times are whole milliseconds, as cursors are. */
export async function readRetrievalPage(
  ctx: TenantContext,
  filter: { agentId: string; execution: { id: string | null; externalId: string } | undefined },
  limit: number,
  after: { time: Date; id: string } | undefined,
): Promise<RetrievalRow[]> {
  let query = ctx.tx
    .selectFrom("retrievals")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", filter.agentId);
  const { execution } = filter;
  if (execution !== undefined) {
    query =
      execution.id === null
        ? query.where("execution_id", "is", null).where("execution_external_id", "=", execution.externalId)
        : query.where("execution_id", "=", execution.id);
  }
  if (after !== undefined) {
    query = query.where(sql<boolean>`(created_at, id) < (${after.time}::timestamptz, ${after.id}::uuid)`);
  }
  const rows = await query.orderBy("created_at", "desc").orderBy("id", "desc").limit(limit).execute();
  return rows as unknown as RetrievalRow[];
}
