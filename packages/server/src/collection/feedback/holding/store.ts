import { agentPolicy } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../../context.ts";
import type { NewPerson } from "../../people/raters.ts";
import { insertPeople } from "../../people/store.ts";
import type { CounterLedger } from "../../statistics/counters.ts";
import { foldInto } from "../../statistics/store.ts";
import type { HeldRow } from "./held-feedback.ts";

/** Which held votes to look for. */
export interface HeldVoteQuery {
  agent_id: string;
  execution_external_id: string;
  user_id: string;
}

const COLUMNS = sql.raw(
  "h.id, h.agent_id, h.execution_external_id, h.user_id, h.payload, h.status, h.expires_at, h.created_at",
);

/** Locks what these raters said of these executions and is still waiting. */
export async function lockHeld(ctx: TenantContext, queries: readonly HeldVoteQuery[]): Promise<HeldRow[]> {
  const { rows } = await sql<HeldRow>`
    SELECT ${COLUMNS} FROM agent_feedback_holding h
    WHERE h.organization_id = ${ctx.organizationId} AND h.status = 'held' AND EXISTS (
      SELECT 1 FROM json_to_recordset(${JSON.stringify(queries)}::json)
        AS q(agent_id uuid, execution_external_id text, user_id uuid)
      WHERE q.agent_id = h.agent_id AND q.execution_external_id = h.execution_external_id AND q.user_id = h.user_id)
    ORDER BY h.created_at, h.id FOR UPDATE OF h`.execute(ctx.tx);
  return rows;
}

/** Locks one held feedback, whatever became of it. */
export async function lockHeldById(
  ctx: TenantContext,
  id: string,
): Promise<(HeldRow & { now: Date }) | undefined> {
  const { rows } = await sql<HeldRow & { now: Date }>`
    SELECT ${COLUMNS}, date_trunc('milliseconds', learning_now()) AS now FROM agent_feedback_holding h
    WHERE h.organization_id = ${ctx.organizationId} AND h.id = ${id}::uuid FOR UPDATE OF h`.execute(ctx.tx);
  return rows[0];
}

/** One held feedback, or undefined. */
export async function readHeld(ctx: TenantContext, id: string): Promise<HeldRow | undefined> {
  const { rows } = await sql<HeldRow>`
    SELECT ${COLUMNS} FROM agent_feedback_holding h
    WHERE h.organization_id = ${ctx.organizationId} AND h.id = ${id}::uuid`.execute(ctx.tx);
  return rows[0];
}

/** Writes new and changed held feedback with their people and counters. */
export async function writeHeld(
  ctx: TenantContext,
  write: { people: readonly NewPerson[]; rows: readonly HeldRow[]; ledger: CounterLedger; lane: number },
): Promise<void> {
  await sql`
    WITH people AS (${insertPeople(ctx, write.people)}),
    held AS (
      INSERT INTO agent_feedback_holding
        (organization_id, id, agent_id, execution_external_id, user_id, payload, status, expires_at, created_at, settled_at)
      SELECT ${ctx.organizationId}::uuid, id, agent_id, execution_external_id, user_id, payload, status, expires_at, created_at,
        CASE WHEN status = 'held' THEN NULL ELSE learning_now() END
      FROM json_to_recordset(${JSON.stringify(write.rows)}::json) AS r(id uuid, agent_id uuid, execution_external_id text,
        user_id uuid, payload jsonb, status text, expires_at timestamptz, created_at timestamptz)
      ON CONFLICT (organization_id, id) DO UPDATE SET
        payload = excluded.payload, status = excluded.status, settled_at = excluded.settled_at),
    counters AS (${foldInto(ctx, write.ledger, write.lane)})
    SELECT 1`.execute(ctx.tx);
}

/** Marks held feedback as attached; its content lives in `agent_feedback` from now on. */
export async function settleAttached(ctx: TenantContext, ids: readonly string[]): Promise<void> {
  await sql`
    UPDATE agent_feedback_holding SET status = 'attached', settled_at = learning_now(), payload = '{}'
    WHERE organization_id = ${ctx.organizationId} AND id = ANY(${ids}::uuid[])`.execute(ctx.tx);
}

/** Expires up to `limit` of those whose time is up, oldest first, and says whose they were. */
export async function expireDue(
  ctx: TenantContext,
  limit: number,
): Promise<{ agent_id: string; today: string }[]> {
  const { rows } = await sql<{ agent_id: string; today: string }>`
    WITH due AS (
      SELECT id FROM agent_feedback_holding
      WHERE organization_id = ${ctx.organizationId} AND status = 'held' AND expires_at <= learning_now()
      ORDER BY expires_at LIMIT ${limit}::int FOR UPDATE SKIP LOCKED)
    UPDATE agent_feedback_holding h SET status = 'expired', settled_at = learning_now()
    FROM due WHERE h.organization_id = ${ctx.organizationId} AND h.id = due.id
    RETURNING h.agent_id, (learning_now() AT TIME ZONE 'UTC')::date AS today`.execute(ctx.tx);
  return rows;
}

/** Hours that feedback of these agents waits for its execution. */
export async function readHoldingHours(
  ctx: TenantContext,
  agentIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await ctx.tx
    .selectFrom("agents")
    .select(["id", "policy"])
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "in", [...new Set(agentIds)])
    .execute();
  return new Map(rows.map((row) => [row.id, agentPolicy.parse(row.policy).feedback.holding_hours]));
}

/** How many wait now. */
export async function countWaiting(ctx: TenantContext, agentId: string): Promise<number> {
  const { count } = await ctx.tx
    .selectFrom("agent_feedback_holding")
    .select((expression) => expression.fn.countAll<number>().as("count"))
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("status", "=", "held")
    .executeTakeFirstOrThrow();
  return count;
}

/** Up to `limit` held or expired ones of an agent, newest first, after a cursor. */
export async function readHeldPage(
  ctx: TenantContext,
  filter: { agentId: string; status: "held" | "expired"; executionReference: string | undefined },
  limit: number,
  after: { time: Date; id: string } | undefined,
): Promise<HeldRow[]> {
  const { rows } = await sql<HeldRow>`
    SELECT ${COLUMNS} FROM agent_feedback_holding h
    WHERE h.organization_id = ${ctx.organizationId} AND h.agent_id = ${filter.agentId} AND h.status = ${filter.status}
      AND (${filter.executionReference ?? null}::text IS NULL OR h.execution_external_id = ${filter.executionReference ?? null})
      AND (${after === undefined}::boolean
        OR (h.created_at, h.id) < (${after?.time ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    ORDER BY h.created_at DESC, h.id DESC LIMIT ${limit}::int`.execute(ctx.tx);
  return rows;
}
