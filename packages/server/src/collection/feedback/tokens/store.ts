import { isUuid } from "@agent-learning/contract";
import { type Kysely, sql, type Transaction } from "kysely";
import type { TenantContext } from "../../../context.ts";
import { learningNow, type Schema, withSystem } from "../../../database/index.ts";
import type { Services } from "../../../services.ts";

type Executor = Kysely<Schema> | Transaction<Schema>;

async function selectSecret(executor: Executor, organizationId: string): Promise<Buffer | undefined> {
  const { rows } = await sql<{ secret: string | null }>`
    SELECT settings->>'feedback_token_secret' AS secret FROM organizations WHERE id = ${organizationId}`.execute(
    executor,
  );
  const secret = rows[0]?.secret ?? null;
  return secret === null ? undefined : Buffer.from(secret, "base64url");
}

/** The organization's secret and the time; no secret while it never issued a token. */
export async function readSecret(
  executor: Executor,
  organizationId: string,
): Promise<{ secret: Buffer | undefined; now: Date }> {
  return { secret: await selectSecret(executor, organizationId), now: await learningNow(executor) };
}

/** The organization's secret; `proposed` becomes it when there is none. */
export async function ensureSecret(
  ctx: TenantContext,
  proposed: Buffer,
): Promise<{ secret: Buffer; now: Date }> {
  await sql`
    UPDATE organizations
    SET settings = settings || jsonb_build_object('feedback_token_secret', ${proposed.toString("base64url")}::text)
    WHERE id = ${ctx.organizationId} AND NOT settings ? 'feedback_token_secret'`.execute(ctx.tx);
  const { secret, now } = await readSecret(ctx.tx, ctx.organizationId);
  if (secret === undefined) throw new Error("the organization keeps no feedback token secret");
  return { secret, now };
}

/** The agents of this id or slug, of every organization, whose policy lets browsers of the same origin vote: two at most. */
export async function findAgentsForBrowsers(
  services: Pick<Services, "database">,
  reference: string,
): Promise<{ organizationId: string; id: string }[]> {
  return withSystem(services.database.kysely, (tx) =>
    tx
      .selectFrom("agents")
      .select(["organization_id as organizationId", "id"])
      .where(isUuid(reference) ? "id" : "slug", "=", reference.toLowerCase())
      .where(sql<string>`policy->'feedback'->>'browsers'`, "=", "same_origin")
      .where("archived_at", "is", null)
      .limit(2)
      .execute(),
  );
}

/** True when the agent has this execution, by our id or the caller's, from the last seven days. */
export async function hasRecentExecution(
  ctx: TenantContext,
  agentId: string,
  reference: string,
): Promise<boolean> {
  const { rows } = await sql<{ recent: boolean }>`
    SELECT created_at > learning_now() - interval '7 days' AS recent FROM agent_executions
      WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId} AND external_id = ${reference}
    UNION ALL
    SELECT created_at > learning_now() - interval '7 days' FROM agent_executions
      WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
        AND id = ${isUuid(reference) ? reference.toLowerCase() : null}::uuid
    LIMIT 1`.execute(ctx.tx);
  return rows[0]?.recent ?? false;
}
