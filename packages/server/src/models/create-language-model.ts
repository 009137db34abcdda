import type { LanguageModel } from "@agent-learning/learning";
import type { Config } from "../config.ts";
import { createOutgoingFetch } from "../outgoing/outgoing-fetch.ts";
import { ggufModel } from "./gguf.ts";
import { openAICompatibleModel } from "./openai-compatible.ts";

/** What a caller is told when something needs a model and there is none. */
export const NO_MODEL =
  "No language model is configured: set LEARNING_MODEL_URL and LEARNING_MODEL (any OpenAI-compatible endpoint) or LEARNING_MODEL_PATH (a GGUF file).";

/** The configured language model, loaded on first use; undefined when none is configured. */
export interface ModelProvider {
  readonly configured: boolean;
  /** @throws Error with the reason when the model cannot be loaded */
  load(): Promise<LanguageModel | undefined>;
  dispose(): Promise<void>;
}

export function createModelProvider(config: Config["model"]): ModelProvider {
  let loading: Promise<LanguageModel | undefined> | undefined;
  let dispose = async (): Promise<void> => undefined;
  const start = async (): Promise<LanguageModel | undefined> => {
    if (config.kind === "openai-compatible")
      return openAICompatibleModel({ ...config, fetch: createOutgoingFetch({ allowPrivate: true }) });
    if (config.kind === "none") return undefined;
    const model = await ggufModel(config.path);
    dispose = () => model.dispose();
    return model;
  };
  return {
    configured: config.kind !== "none",
    load: () => {
      loading ??= start().catch((error: unknown) => {
        // A file that was missing or an endpoint that was down may be there next time.
        loading = undefined;
        throw error;
      });
      return loading;
    },
    dispose: () => dispose(),
  };
}
