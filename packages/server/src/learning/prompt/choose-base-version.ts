import { agentVersionConfig, type AgentVersionConfig } from "@agent-learning/contract";
import { createVersion, requireVersion } from "../../administration/versions/index.ts";
import { readServingPointer } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";

/**
 * The version that an optimisation starts from: the one in production, or, when the caller names another prompt, a version
 * with that prompt and everything else as in production.
 */
export async function chooseBaseVersion(
  ctx: TenantContext,
  agentId: string,
  currentPrompt: string | undefined,
): Promise<{ id: string; config: AgentVersionConfig }> {
  const pointer = await readServingPointer(ctx, agentId, "production");
  const serving =
    pointer === undefined
      ? undefined
      : await requireVersion(ctx, agentId, pointer.version_id, "path.agentId");
  const config = agentVersionConfig.parse(serving?.config ?? firstConfig(ctx));
  const unchanged = currentPrompt === undefined || config.components["system_prompt"] === currentPrompt;
  if (serving !== undefined && unchanged) return { id: serving.id, config };
  const asked: AgentVersionConfig = unchanged
    ? config
    : { ...config, components: { ...config.components, system_prompt: currentPrompt } };
  const { version } = await createVersion({
    ctx,
    input: {
      agentId,
      config: asked,
      origin: "manual",
      parentVersionId: serving?.id ?? null,
      changeSummary: "The prompt that an optimisation was asked to start from",
    },
  });
  return { id: version.id, config: asked };
}

// With no model there is nothing that could run a prompt: the built-in agent is what can learn.
function firstConfig(ctx: TenantContext): Partial<AgentVersionConfig> {
  return { runtime: ctx.services.models.configured ? "model" : "demonstrations" };
}
