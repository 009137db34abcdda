import type { Agent, CreateAgent } from "@agent-learning/contract";
import { agentLearningConfig, agentPolicy, isUuid } from "@agent-learning/contract";
import { actorUserId, type TenantContext } from "../../context.ts";
import { isUniqueViolation, json } from "../../database/index.ts";
import { ProblemError, unprocessable } from "../../http/problem-error.ts";
import { newId } from "../../new-id.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { presentAgent } from "./present-agent.ts";

/** @throws ProblemError conflict when the slug is taken */
export async function createAgent({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: CreateAgent;
}): Promise<Agent> {
  if (isUuid(input.slug))
    throw unprocessable(
      "body.slug",
      "must not be written like a UUID, or references to the agent would be ambiguous",
    );
  try {
    const row = await ctx.tx
      .insertInto("agents")
      .values({
        organization_id: ctx.organizationId,
        id: newId(),
        slug: input.slug,
        name: input.name ?? input.slug,
        description: input.description ?? null,
        config: json(agentLearningConfig.parse(input.config ?? {})),
        policy: json(agentPolicy.parse(input.policy ?? {})),
        created_by: actorUserId(ctx),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await writeAudit(ctx, {
      action: "agent.created",
      entityType: "agent",
      entityId: row.id,
      data: { slug: row.slug },
    });
    return presentAgent(row);
  } catch (error) {
    if (isUniqueViolation(error)) {
      throw new ProblemError(
        "conflict",
        `There is an agent ${JSON.stringify(input.slug)} already. Choose another slug.`,
        {
          errors: [{ path: "body.slug", message: "is taken" }],
          cause: error,
        },
      );
    }
    throw error;
  }
}
