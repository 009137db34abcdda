import type { AgentVersionConfig } from "@agent-learning/contract";
import type { LanguageModel } from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import { adapterOf } from "./adapter.ts";
import { verifyFile } from "./artifacts/artifact-files.ts";

/**
 * The model that answers for a version: the configured one, with the version's adapter, or the model that was trained from it at its
 * endpoint. Undefined: the version asks none, or none is configured.
 * @throws ArtifactMismatch when the adapter is not in the store as it was reviewed
 */
export async function modelOf(ctx: Context, config: AgentVersionConfig): Promise<LanguageModel | undefined> {
  const { models, config: settings } = ctx.services;
  if (config.runtime !== "model" || !models.configured) return undefined;
  const adapter = adapterOf(config);
  if (adapter === undefined) return models.load();
  if (adapter.format === "endpoint-model") return models.load({ name: adapter.model });
  const { sha256 } = adapter;
  return models.load({
    adapterPath: await verifyFile(settings, ctx.organizationId, { name: "The version's adapter", sha256 }),
  });
}
