import type { ApiKey } from "@agent-learning/contract";
import { type Selectable, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { ApiKeysTable } from "../../database/schema.ts";

function present(row: Selectable<ApiKeysTable>): ApiKey {
  return {
    id: row.id,
    kind: row.kind as ApiKey["kind"],
    user_id: row.user_id,
    name: row.name,
    display_prefix: row.display_prefix,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
    expires_at: row.expires_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
  };
}

export interface NewKey {
  id: string;
  kind: ApiKey["kind"];
  name: string;
  user_id: string | null;
  expires_at: string | null;
  display_prefix: string;
  key_hash: Buffer;
  created_by: string | null;
}

export async function insertKey(ctx: TenantContext, key: NewKey): Promise<ApiKey> {
  const row = await ctx.tx
    .insertInto("api_keys")
    .values({
      ...key,
      organization_id: ctx.organizationId,
      expires_at: key.expires_at === null ? null : new Date(key.expires_at),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return present(row);
}

/** Up to `limit` keys older than `beforeId`, newest first. */
export async function readKeys(
  ctx: TenantContext,
  limit: number,
  beforeId: string | undefined,
): Promise<ApiKey[]> {
  let query = ctx.tx.selectFrom("api_keys").selectAll().where("organization_id", "=", ctx.organizationId);
  if (beforeId !== undefined) query = query.where("id", "<", beforeId);
  return (await query.orderBy("id", "desc").limit(limit).execute()).map(present);
}

/** Marks a key as revoked; undefined when there is none. A key that is revoked already stays as it was. */
export async function revokeKey(ctx: TenantContext, id: string): Promise<ApiKey | undefined> {
  const row = await ctx.tx
    .updateTable("api_keys")
    .set({ revoked_at: sql<Date>`COALESCE(revoked_at, learning_now())` })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? undefined : present(row);
}
