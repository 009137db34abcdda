import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { bindPerson } from "./bind-person.ts";
import { PERSONAL_DATA } from "./personal-data.ts";

/** The examples that export and erase take for a person's. */
export async function readExamplesOf(
  ctx: TenantContext,
  userId: string,
): Promise<{ id: string; agent_id: string }[]> {
  const data = PERSONAL_DATA.learning_examples;
  if (data.kind !== "personal") return [];
  const { organizationId } = ctx;
  const { rows } = await sql<{ id: string; agent_id: string }>`
    SELECT t.id, t.agent_id FROM learning_examples t
    WHERE t.organization_id = ${organizationId} AND (${bindPerson(data.person, { organizationId, userId })})`.execute(
    ctx.tx,
  );
  return rows;
}

/** True when nobody else could administer the organization; holds the admins' rows, so that two at once cannot both leave. */
export async function isLastAdmin(ctx: TenantContext, userId: string): Promise<boolean> {
  const admins = await ctx.tx
    .selectFrom("memberships")
    .select("user_id")
    .where("organization_id", "=", ctx.organizationId)
    .where("role", "=", "admin")
    .where("revoked_at", "is", null)
    .forUpdate()
    .execute();
  return admins.length === 1 && admins[0]?.user_id === userId;
}
