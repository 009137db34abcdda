import { type Kysely, sql, type Transaction } from "kysely";
import type { TenantContext } from "../../../context.ts";
import { learningNow, type Schema } from "../../../database/index.ts";

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
