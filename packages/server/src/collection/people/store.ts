import { type RawBuilder, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { NewPerson } from "./raters.ts";

/** The body of a CTE that inserts end users, for a statement that writes more. */
export function insertPeople(ctx: TenantContext, people: readonly NewPerson[]): RawBuilder<unknown> {
  return sql`
    INSERT INTO users (organization_id, id, kind, external_id)
    SELECT ${ctx.organizationId}::uuid, id, 'end_user', external_id
    FROM json_to_recordset(${JSON.stringify(people)}::json) AS r(id uuid, external_id text)`;
}

/** A lateral subquery that gives `id` of the user that `external` or `id` names, at most one row. */
export function findPerson(
  ctx: TenantContext,
  names: { externalId: string; userId: string },
): RawBuilder<unknown> {
  return sql`(
    SELECT p.id FROM users p
      WHERE p.organization_id = ${ctx.organizationId} AND p.external_id = ${sql.ref(names.externalId)}
    UNION ALL
    SELECT p.id FROM users p
      WHERE p.organization_id = ${ctx.organizationId} AND p.id = ${sql.ref(names.userId)} AND p.erased_at IS NULL
    LIMIT 1)`;
}

/** What the caller's system calls a person; null for members. */
export async function readExternalId(ctx: TenantContext, userId: string): Promise<string | null> {
  const row = await ctx.tx
    .selectFrom("users")
    .select("external_id")
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", userId)
    .executeTakeFirst();
  return row?.external_id ?? null;
}
