import { type Agent, changeConfig, changePolicy, type UpdateAgent } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import { assertVersion } from "../../http/if-match.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { forgetRedaction } from "../redaction/index.ts";
import { bumpServingRevision } from "../serving/bump-serving-revision.ts";
import { findAgent } from "./find-agent.ts";
import { presentAgent } from "./present-agent.ts";

/** Changes settings by compare-and-set on the version that the caller read. Every change of policy is in the audit log, whole. */
export async function updateAgent({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agent: string; expectedVersion: number; change: UpdateAgent };
}): Promise<Agent> {
  const { change } = input;
  const before = await findAgent(ctx, input.agent, "path.agentId");
  assertVersion(input.expectedVersion, before.version);
  const present = presentAgent(before);
  const config = change.config === undefined ? undefined : changeConfig(present.config, change.config);
  const policy = change.policy === undefined ? undefined : changePolicy(present.policy, change.policy);
  const row = await ctx.tx
    .updateTable("agents")
    .set({
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.description === undefined ? {} : { description: change.description }),
      ...(config === undefined ? {} : { config: json(config) }),
      ...(policy === undefined ? {} : { policy: json(policy) }),
      ...(change.archived === undefined
        ? {}
        : { archived_at: change.archived ? sql<Date>`learning_now()` : null }),
      version: sql<number>`version + 1`,
      updated_at: sql<Date>`learning_now()`,
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", before.id)
    .where("version", "=", input.expectedVersion)
    .returningAll()
    .executeTakeFirst();
  // Somebody else's transaction committed between our read and our write.
  if (row === undefined) assertVersion(input.expectedVersion, input.expectedVersion + 1);
  const agent = presentAgent(row ?? before);
  ctx.afterCommit(() => forgetRedaction(ctx, before.id));
  if (change.config !== undefined) await bumpServingRevision({ ctx, input: { agentId: before.id } });
  await writeAudit(ctx, {
    action: "agent.updated",
    entityType: "agent",
    entityId: before.id,
    data: {
      fields: Object.keys(change),
      config,
      policy,
      archived: change.archived,
    },
  });
  return agent;
}
