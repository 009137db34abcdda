import { isUuid } from "@agent-learning/contract";
import type { Selectable } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { AgentsTable } from "../../database/schema.ts";
import { notFound } from "../../http/problem-error.ts";

/**
 * The agent with this UUID or slug.
 * @param path the field that named it, for the error
 * @throws ProblemError not-found, also for another organization's agent
 */
export async function findAgent(
  ctx: TenantContext,
  reference: string,
  path: string,
): Promise<Selectable<AgentsTable>> {
  const agent = await ctx.tx
    .selectFrom("agents")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where(isUuid(reference) ? "id" : "slug", "=", reference.toLowerCase())
    .executeTakeFirst();
  if (agent === undefined) throw notFound("agent", reference, path);
  return agent;
}
