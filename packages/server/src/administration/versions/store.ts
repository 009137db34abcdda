import type { AgentVersionConfig } from "@agent-learning/contract";
import type { Insertable, Selectable } from "kysely";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { AgentVersionsTable } from "../../database/schema.ts";

/** A row of agent_versions with its config parsed by type. */
export type VersionRow = Omit<Selectable<AgentVersionsTable>, "config"> & { config: AgentVersionConfig };
/** The columns that a list shows. */
export type VersionSummaryRow = Omit<VersionRow, "config" | "report">;

export const SUMMARY_COLUMNS = [
  "id",
  "organization_id",
  "agent_id",
  "number",
  "parent_version_id",
  "content_hash",
  "origin",
  "training_run_id",
  "change_summary",
  "affected_query_share",
  "evidence_erased_at",
  "review_status",
  "reviewed_by",
  "reviewed_at",
  "review_notes",
  "created_by",
  "created_at",
] as const;

const asVersion = (row: Selectable<AgentVersionsTable>): VersionRow => ({
  ...row,
  config: row.config as unknown as AgentVersionConfig,
});

export async function selectVersion(
  ctx: TenantContext,
  where: { id: string } | { agentId: string; contentHash: string },
): Promise<VersionRow | undefined> {
  let query = ctx.tx
    .selectFrom("agent_versions")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId);
  query =
    "id" in where
      ? query.where("id", "=", where.id)
      : query.where("agent_id", "=", where.agentId).where("content_hash", "=", where.contentHash);
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : asVersion(row);
}

/** Serialises numbering: the agent's row is held until the transaction ends. */
export async function lockNumbering(ctx: TenantContext, agentId: string): Promise<void> {
  await sql`SELECT 1 FROM agents WHERE organization_id = ${ctx.organizationId} AND id = ${agentId}
    FOR NO KEY UPDATE`.execute(ctx.tx);
}

export async function nextNumber(ctx: TenantContext, agentId: string): Promise<number> {
  const last = await ctx.tx
    .selectFrom("agent_versions")
    .select("number")
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();
  return (last?.number ?? 0) + 1;
}

export async function insertVersion(
  ctx: TenantContext,
  values: Omit<Insertable<AgentVersionsTable>, "organization_id">,
): Promise<VersionRow> {
  const row = await ctx.tx
    .insertInto("agent_versions")
    .values({ organization_id: ctx.organizationId, ...values })
    .returningAll()
    .executeTakeFirstOrThrow();
  return asVersion(row);
}

/** Versions of an agent, newest number first, from before `beforeNumber`. */
export async function selectVersions(
  ctx: TenantContext,
  agentId: string,
  { limit, beforeId }: { limit: number; beforeId?: string | undefined },
): Promise<VersionSummaryRow[]> {
  let query = ctx.tx
    .selectFrom("agent_versions")
    .select(SUMMARY_COLUMNS)
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId);
  if (beforeId !== undefined) {
    query = query.where("number", "<", (inner) =>
      inner
        .selectFrom("agent_versions")
        .select("number")
        .where("organization_id", "=", ctx.organizationId)
        .where("agent_id", "=", agentId)
        .where("id", "=", beforeId),
    );
  }
  return query.orderBy("number", "desc").limit(limit).execute();
}

/** Stores a review; the rest of a version never changes. */
export async function updateReview(
  ctx: TenantContext,
  id: string,
  review: { status: "approved" | "rejected"; reviewedBy: string; notes: string | null },
): Promise<VersionRow> {
  const row = await ctx.tx
    .updateTable("agent_versions")
    .set({
      review_status: review.status,
      reviewed_by: review.reviewedBy,
      reviewed_at: sql<Date>`learning_now()`,
      review_notes: review.notes,
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return row as unknown as VersionRow;
}
