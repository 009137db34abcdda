import { sql } from "kysely";
import { contentHash } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import { bindPerson } from "./bind-person.ts";
import { PERSONAL_DATA } from "./personal-data.ts";

/** The examples that export and erase take for a person's, kept from being copied into a dataset until the transaction ends. */
export async function readExamplesOf(
  ctx: TenantContext,
  userId: string,
): Promise<{ id: string; agent_id: string; is_erased: boolean }[]> {
  const data = PERSONAL_DATA.learning_examples;
  if (data.kind !== "personal") return [];
  const { organizationId } = ctx;
  const { rows } = await sql<{ id: string; agent_id: string; is_erased: boolean }>`
    SELECT t.id, t.agent_id, t.group_key = 'erased:' || t.id AS is_erased FROM learning_examples t
    WHERE t.organization_id = ${organizationId} AND (${bindPerson(data.person, { organizationId, userId })})
    ORDER BY t.id FOR UPDATE OF t`.execute(ctx.tx);
  return rows;
}

/** Datasets that hold items which export and erase take for a person's. */
export async function readDatasetsHolding(ctx: TenantContext, userId: string): Promise<string[]> {
  const data = PERSONAL_DATA.training_dataset_items;
  if (data.kind !== "personal") return [];
  const { organizationId } = ctx;
  const { rows } = await sql<{ dataset_id: string }>`
    SELECT DISTINCT t.dataset_id FROM training_dataset_items t
    WHERE t.organization_id = ${organizationId} AND (${bindPerson(data.person, { organizationId, userId })})
    ORDER BY t.dataset_id`.execute(ctx.tx);
  return rows.map((row) => row.dataset_id);
}

/**
 * Gives versions from which this transaction took demonstrations the hash of what they are now, but for one that has become what
 * another version is already: two versions of one agent never have one hash.
 */
export async function rehashVersions(ctx: TenantContext): Promise<void> {
  const versions = await ctx.tx
    .selectFrom("agent_versions")
    .select(["id", "agent_id", "config", "content_hash"])
    .where("organization_id", "=", ctx.organizationId)
    .where("evidence_erased_at", "=", sql<Date>`learning_now()`)
    .execute();
  for (const { id, agent_id, config, content_hash } of versions) {
    const hash = contentHash(config);
    if (hash === content_hash) continue;
    await sql`UPDATE agent_versions SET content_hash = ${hash} WHERE organization_id = ${ctx.organizationId} AND id = ${id}
      AND NOT EXISTS (SELECT 1 FROM agent_versions o WHERE o.organization_id = ${ctx.organizationId}
        AND o.agent_id = ${agent_id} AND o.content_hash = ${hash})`.execute(ctx.tx);
  }
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
