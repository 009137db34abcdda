import type { JsonValue } from "@agent-learning/contract";
import type { Environment } from "@agent-learning/contract";
import { sql, type Selectable } from "kysely";
import type { VersionRow } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import type { ServingPointersTable } from "../../database/schema.ts";

/** Points the environment at a version and remembers the one before. */
export async function upsertPointer(
  ctx: TenantContext,
  agentId: string,
  environment: Environment,
  versionId: string,
): Promise<Selectable<ServingPointersTable>> {
  return ctx.tx
    .insertInto("serving_pointers")
    .values({ organization_id: ctx.organizationId, agent_id: agentId, environment, version_id: versionId })
    .onConflict((conflict) =>
      conflict.columns(["organization_id", "agent_id", "environment"]).doUpdateSet({
        version_id: versionId,
        previous_version_id: sql<string>`serving_pointers.version_id`,
        revision: sql<number>`serving_pointers.revision + 1`,
        updated_at: sql<Date>`learning_now()`,
      }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

export type ServedRow = Pick<VersionRow, "id" | "number" | "content_hash" | "config">;

export async function selectServedVersions(
  ctx: TenantContext,
  agentId: string,
  ids: readonly string[],
): Promise<ServedRow[]> {
  if (ids.length === 0) return [];
  const rows = await ctx.tx
    .selectFrom("agent_versions")
    .select(["id", "number", "content_hash", "config"])
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("id", "in", ids)
    .execute();
  return rows as unknown as ServedRow[];
}

/** The retrieval settings of an agent's version, without the rest of it. */
export async function selectRetrievalSettings(
  ctx: TenantContext,
  agentId: string,
  versionId: string,
): Promise<Record<string, JsonValue> | undefined> {
  const { rows } = await sql<{ retrieval: Record<string, JsonValue> }>`
    SELECT COALESCE(config->'retrieval', '{}') AS retrieval FROM agent_versions
    WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId} AND id = ${versionId}`.execute(
    ctx.tx,
  );
  return rows[0]?.retrieval;
}
