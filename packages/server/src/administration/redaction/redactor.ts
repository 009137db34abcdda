import { createHmac, randomBytes } from "node:crypto";
import { agentPolicy, type AgentPolicy } from "@agent-learning/contract";
import { redactJson, type Redaction, type RedactionRules, redactText } from "@agent-learning/learning";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { perServices } from "../../per-services.ts";

/** Takes out of texts what an agent's policy wants out of them, before they are stored. */
export interface Redactor {
  text<T extends string | null | undefined>(text: T): T;
  json<T>(value: T): T;
}

const KEEP: Redactor = { text: (text) => text, json: (value) => value };

const CACHE_MILLISECONDS = 5_000;
const CACHE_SIZE = 10_000;
const HASH_DIGITS = 16;

// Ingestion asks for every item: a policy is at most five seconds old, a key stays for ever.
const knownRedactors = perServices(() => new Map<string, { redactor: Redactor; until: number }>());

function rulesOf(policy: AgentPolicy["privacy"]): RedactionRules {
  const rules = Object.entries(policy.redact).filter(([, mode]) => mode !== "keep");
  return Object.fromEntries(rules) as Record<string, Redaction>;
}

/** The organization's own key of hashes, made when it is first needed. */
async function readKey(ctx: TenantContext): Promise<Buffer> {
  await sql`
    UPDATE organizations
    SET settings = settings || jsonb_build_object('redaction_key', ${randomBytes(32).toString("base64url")}::text)
    WHERE id = ${ctx.organizationId} AND NOT settings ? 'redaction_key'`.execute(ctx.tx);
  const { rows } = await sql<{ key: string }>`
    SELECT settings->>'redaction_key' AS key FROM organizations WHERE id = ${ctx.organizationId}`.execute(
    ctx.tx,
  );
  const key = rows[0]?.key;
  if (key === undefined) throw new Error("the organization keeps no redaction key");
  return Buffer.from(key, "base64url");
}

/** The redactor of a policy that the caller has read. */
export async function redactorOf(
  ctx: TenantContext,
  policy: Pick<AgentPolicy, "privacy">,
): Promise<Redactor> {
  const rules = rulesOf(policy.privacy);
  if (Object.keys(rules).length === 0) return KEEP;
  const needsKey = Object.values(rules).includes("hash");
  const key = needsKey ? await readKey(ctx) : Buffer.alloc(0);
  const hash = (value: string): string =>
    createHmac("sha256", key).update(value).digest("hex").slice(0, HASH_DIGITS);
  return {
    text: (text) => (typeof text === "string" ? (redactText(text, rules, hash) as typeof text) : text),
    json: (value) => redactJson(value, rules, hash),
  };
}

/** The redactor of an agent, at most five seconds behind its policy. */
export async function readRedactor(ctx: TenantContext, agentId: string): Promise<Redactor> {
  const cache = knownRedactors(ctx.services);
  const name = `${ctx.organizationId} ${agentId}`;
  const found = cache.get(name);
  if (found !== undefined && found.until > performance.now()) return found.redactor;
  const { rows } = await sql<{ privacy: object | null }>`
    SELECT policy->'privacy' AS privacy FROM agents WHERE organization_id = ${ctx.organizationId} AND id = ${agentId}`.execute(
    ctx.tx,
  );
  const policy = agentPolicy.parse({ privacy: rows[0]?.privacy ?? {} });
  const redactor = await redactorOf(ctx, policy);
  cache.set(name, { redactor, until: performance.now() + CACHE_MILLISECONDS });
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value ?? "");
  return redactor;
}

/** Lets the next text of an agent be redacted by its policy as it is then. */
export function forgetRedaction(ctx: TenantContext, agentId: string): void {
  knownRedactors(ctx.services).delete(`${ctx.organizationId} ${agentId}`);
}
