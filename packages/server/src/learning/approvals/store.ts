import { isUuid } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

/** An example that a candidate rests on. */
export interface EvidenceRow {
  id: string;
  user_id: string | null;
  display_name: string | null;
}

/** Which of these ids are examples, and whose. */
export async function readEvidence(ctx: TenantContext, ids: readonly string[]): Promise<EvidenceRow[]> {
  const { rows } = await sql<EvidenceRow>`
    SELECT x.id, x.source_user_id AS user_id, u.display_name
    FROM unnest(${ids.filter(isUuid)}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (SELECT e.id, e.source_user_id FROM learning_examples e
      WHERE e.organization_id = ${ctx.organizationId} AND e.id = wanted.id OFFSET 0) AS x
    LEFT JOIN users u ON u.organization_id = ${ctx.organizationId} AND u.id = x.source_user_id
    ORDER BY x.id`.execute(ctx.tx);
  return rows;
}

/** People who may review runs now. */
export async function readReviewers(ctx: TenantContext): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`
    SELECT user_id FROM memberships
    WHERE organization_id = ${ctx.organizationId} AND revoked_at IS NULL AND role IN ('reviewer', 'admin')`.execute(
    ctx.tx,
  );
  return rows.map(({ user_id: id }) => id);
}

export async function readName(ctx: TenantContext, userId: string): Promise<string | null> {
  const row = await ctx.tx
    .selectFrom("users")
    .select("display_name")
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", userId)
    .executeTakeFirst();
  return row?.display_name ?? null;
}
