import {
  agentLearningConfig,
  agentVersionConfig,
  type Environment,
  type ServingConfiguration,
} from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/find-agent.ts";
import {
  findActiveSplits,
  readServingPointer,
  readServingRevision,
} from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import { selectServedVersions } from "./store.ts";

/** What an agent needs to decide for itself, with no further call, which version answers. */
export async function getServing({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agent: string; environment: Environment };
}): Promise<ServingConfiguration> {
  const agent = await findAgent(ctx, input.agent, "path.agentId");
  // First: what is read after it may be newer than it says, never older.
  const revision = await readServingRevision(ctx, agent.id);
  const pointer = await readServingPointer(ctx, agent.id, input.environment);
  const active = await findActiveSplits(ctx, agent.id, input.environment);
  // A paused experiment takes no new traffic; a paused rollout keeps the share that it has.
  const splits = active
    .filter(({ split, status }) => split.kind === "rollout" || status === "running")
    .map(({ split }) => split);
  const ids = new Set(splits.flatMap((split) => split.arms.map((arm) => arm.version_id)));
  if (pointer !== undefined) ids.add(pointer.version_id);
  const versions = await selectServedVersions(ctx, agent.id, [...ids]);
  return {
    agent_id: agent.id,
    slug: agent.slug,
    environment: input.environment,
    revision,
    config: agentLearningConfig.parse(agent.config),
    default_version_id: pointer?.version_id ?? null,
    versions: Object.fromEntries(
      versions.map((version) => [
        version.id,
        { ...version, config: agentVersionConfig.parse(version.config) },
      ]),
    ),
    split: splits[0] ?? null,
    splits,
  };
}
