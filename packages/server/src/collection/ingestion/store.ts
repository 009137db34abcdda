import { isUuid } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { type JsonObject, prepared } from "../../database/index.ts";
import type { Answer } from "../../http/route.ts";

/** What is known of an Idempotency-Key, after its lock was tried. */
export interface KnownKey {
  key: string;
  /** False: another transaction is answering it. */
  taken: boolean;
  request_hash: Uint8Array | null;
  response_status: number | null;
  response_body: JsonObject | null;
}

/** Tries the lock of each key, until the end of the transaction, and reads the answers that were given. */
export async function lockKeys(ctx: TenantContext, keys: readonly string[]): Promise<KnownKey[]> {
  const { rows } = await sql<KnownKey>`
    ${prepared("lock_idempotency_keys")}
    SELECT k.key, pg_try_advisory_xact_lock(hashtextextended(${`${ctx.organizationId}:`} || k.key, 0)) AS taken,
      i.request_hash, i.response_status, i.response_body
    FROM json_array_elements_text(${JSON.stringify(keys)}::json) AS k(key)
    LEFT JOIN idempotency_keys i ON i.organization_id = ${ctx.organizationId} AND i.key = k.key`.execute(
    ctx.tx,
  );
  return rows;
}

/** An answer to keep under its key. */
export interface KeyedAnswer {
  key: string;
  hash: Buffer;
  answer: Answer;
}

/** Keeps the answers, in the transaction of their effects. */
export async function storeAnswers(
  ctx: TenantContext,
  operation: string,
  answers: readonly KeyedAnswer[],
): Promise<void> {
  const rows = answers.map(({ key, hash, answer }) => ({
    key,
    hash: hash.toString("hex"),
    status: answer.status,
    body: answer.body ?? null,
  }));
  await sql`
    ${prepared("store_idempotent_answers")}
    INSERT INTO idempotency_keys (organization_id, key, operation, request_hash, response_status, response_body)
    SELECT ${ctx.organizationId}::uuid, key, ${operation}::text, decode(hash, 'hex'), status, body
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(key text, hash text, status int, body jsonb)`.execute(
    ctx.tx,
  );
}

/** The ids behind slugs and UUIDs (in lower case) of agents; one that is not there is left out. */
export async function readAgentIds(
  ctx: TenantContext,
  references: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await ctx.tx
    .selectFrom("agents")
    .select(["id", "slug"])
    .where("organization_id", "=", ctx.organizationId)
    .where((where) =>
      where.or([
        where("slug", "=", sql<string>`ANY(${references}::text[])`),
        where("id", "=", sql<string>`ANY(${references.filter(isUuid)}::uuid[])`),
      ]),
    )
    .execute();
  return new Map(rows.flatMap((row) => [[row.slug, row.id] as const, [row.id, row.id] as const]));
}

/**
 * Waits for every transaction that is recording executions of these agents, and keeps new ones out until this one ends.
 * What arrives before its execution is stored under this lock, executions under the shared one: else each of two
 * transactions could miss the other's row, and the two would never be joined.
 */
export async function lockArrivals(ctx: TenantContext, agentIds: readonly string[]): Promise<void> {
  const names = [...new Set(agentIds)].sort().map((id) => arrivalLock(ctx.organizationId, id));
  await sql`
    SELECT pg_advisory_xact_lock(hashtextextended(name, 0))
    FROM json_array_elements_text(${JSON.stringify(names)}::json) WITH ORDINALITY AS l(name, n)
    ORDER BY n`.execute(ctx.tx);
}

/** Name of the lock between executions and what waits for them. */
export function arrivalLock(organizationId: string, agentId: string): string {
  return `arrivals:${organizationId}:${agentId}`;
}
