import type { RevertServing } from "@agent-learning/contract";
import type { Selectable } from "kysely";
import { findAgent } from "../../administration/agents/find-agent.ts";
import { findActiveSplit, lockServing, readServingPointer } from "../../administration/serving/index.ts";
import { selectVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import type { ServingPointersTable } from "../../database/schema.ts";
import { conflict } from "../../http/problem-error.ts";
import { noteRelease } from "../../learning/index.ts";
import { moveServingPointer } from "./move-pointer.ts";

/**
 * Undoes the last release: the environment runs what it ran before.
 * @throws ProblemError conflict when there is nothing to go back to, or an experiment or rollout holds the environment
 */
export async function revertServing({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agent: string; revert: RevertServing };
}): Promise<Selectable<ServingPointersTable>> {
  const { environment, reason } = input.revert;
  const agent = await findAgent(ctx, input.agent, "path.agentId");
  await lockServing(ctx, agent.id);
  const pointer = await readServingPointer(ctx, agent.id, environment);
  if (pointer?.previous_version_id === null || pointer?.previous_version_id === undefined) {
    throw conflict(`There is no earlier version in ${environment} to go back to.`);
  }
  const active = await findActiveSplit(ctx, agent.id, environment);
  if (active !== undefined) {
    throw conflict(
      `The ${active.split.kind} ${active.split.id} holds this agent's ${environment}. Stop it first.`,
    );
  }
  const undone = await selectVersion(ctx, { id: pointer.version_id });
  if (environment === "production" && undone?.training_run_id)
    await noteRelease(ctx, { runId: undone.training_run_id, outcome: "rolled_back" });
  return moveServingPointer({
    ctx,
    input: { agentId: agent.id, environment, versionId: pointer.previous_version_id, reason },
  });
}
