import type { Environment } from "@agent-learning/contract";
import type { Selectable } from "kysely";
import { findAgent } from "../../administration/agents/find-agent.ts";
import { findActiveSplit, lockServing, readServingPointer } from "../../administration/serving/index.ts";
import { requireVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import type { ServingPointersTable } from "../../database/schema.ts";
import { conflict, unprocessable } from "../../http/problem-error.ts";
import { moveServingPointer } from "./move-pointer.ts";

/**
 * Puts a version into service: production only while nothing serves there yet, staging at any time.
 * @throws ProblemError conflict when production serves already, or a rollout holds the environment
 * @throws ProblemError unprocessable for a version that was rejected or waits for its review
 */
export async function startServing({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agent: string; versionId: string; environment: Environment };
}): Promise<Selectable<ServingPointersTable>> {
  const { environment } = input;
  const agent = await findAgent(ctx, input.agent, "path.agentId");
  const version = await requireVersion(ctx, agent.id, input.versionId, "body.version_id");
  await lockServing(ctx, agent.id);
  if (environment === "production") {
    if ((await readServingPointer(ctx, agent.id, environment)) !== undefined) {
      throw conflict(
        "Production serves a version already. Release another one with a rollout, or go back with …/serving/revert.",
      );
    }
    if (version.review_status === "rejected" || version.review_status === "pending") {
      throw unprocessable(
        "body.version_id",
        version.review_status === "rejected"
          ? "was rejected by a reviewer"
          : "waits for a reviewer's approval",
      );
    }
  }
  if ((await findActiveSplit(ctx, agent.id, environment)) !== undefined) {
    throw conflict(`An experiment or rollout holds this agent's ${environment}. Stop it first.`);
  }
  return moveServingPointer({
    ctx,
    input: { agentId: agent.id, environment, versionId: version.id, reason: "put into service" },
  });
}
