import { type Role } from "@agent-learning/contract";
import type { Member } from "@agent-learning/contract";
import { type SelectQueryBuilder, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { Schema } from "../../database/index.ts";

interface MemberRow {
  user_id: string;
  display_name: string | null;
  email: string | null;
  role: string;
  created_at: Date;
  revoked_at: Date | null;
}

function members(ctx: TenantContext): SelectQueryBuilder<Schema, "memberships" | "users", MemberRow> {
  return ctx.tx
    .selectFrom("memberships")
    .innerJoin("users", (join) =>
      join
        .onRef("users.organization_id", "=", "memberships.organization_id")
        .onRef("users.id", "=", "memberships.user_id"),
    )
    .where("memberships.organization_id", "=", ctx.organizationId)
    .select([
      "memberships.user_id",
      "users.display_name",
      "users.email",
      "memberships.role",
      "memberships.created_at",
      "memberships.revoked_at",
    ]);
}

function present(row: MemberRow): Member {
  return {
    ...row,
    role: row.role as Role,
    created_at: row.created_at.toISOString(),
    revoked_at: row.revoked_at?.toISOString() ?? null,
  };
}

/** One member, or undefined. */
export async function readMember(ctx: TenantContext, userId: string): Promise<Member | undefined> {
  const row = await members(ctx).where("memberships.user_id", "=", userId).executeTakeFirst();
  return row === undefined ? undefined : present(row);
}

/** Up to `limit` members after `afterUserId`, by user id. */
export async function readMembers(
  ctx: TenantContext,
  limit: number,
  afterUserId: string | undefined,
): Promise<Member[]> {
  let query = members(ctx);
  if (afterUserId !== undefined) query = query.where("memberships.user_id", ">", afterUserId);
  return (await query.orderBy("memberships.user_id").limit(limit).execute()).map(present);
}

export async function insertMember(
  ctx: TenantContext,
  row: { id: string; displayName: string; email: string | null; role: Role },
): Promise<void> {
  await ctx.tx
    .insertInto("users")
    .values({
      organization_id: ctx.organizationId,
      id: row.id,
      kind: "member",
      display_name: row.displayName,
      email: row.email,
    })
    .execute();
  await ctx.tx
    .insertInto("memberships")
    .values({ organization_id: ctx.organizationId, user_id: row.id, role: row.role })
    .execute();
}

export async function changeMember(
  ctx: TenantContext,
  userId: string,
  change: { role?: Role; revoked?: boolean },
): Promise<void> {
  await ctx.tx
    .updateTable("memberships")
    .set({
      ...(change.role === undefined ? {} : { role: change.role }),
      ...(change.revoked === undefined
        ? {}
        : { revoked_at: change.revoked ? sql<Date>`learning_now()` : null }),
      updated_at: sql<Date>`learning_now()`,
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("user_id", "=", userId)
    .execute();
}

/** Admins whose membership is not revoked; locks their rows, so that two removals cannot both be the last. */
export async function countAdmins(ctx: TenantContext): Promise<number> {
  const rows = await ctx.tx
    .selectFrom("memberships")
    .select("user_id")
    .where("organization_id", "=", ctx.organizationId)
    .where("role", "=", "admin")
    .where("revoked_at", "is", null)
    .forUpdate()
    .execute();
  return rows.length;
}
