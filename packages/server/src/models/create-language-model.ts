import type { LanguageModel } from "@agent-learning/learning";
import type { Config } from "../config.ts";
import { createOutgoingFetch } from "../outgoing/outgoing-fetch.ts";
import { type GgufModel, ggufModel, type GgufOptions } from "./gguf/gguf-model.ts";
import { openAICompatibleModel } from "./openai-compatible.ts";

/** What a caller is told when something needs a model and there is none. */
export const NO_MODEL =
  "No language model is configured: set LEARNING_MODEL_URL and LEARNING_MODEL (any OpenAI-compatible endpoint) or LEARNING_MODEL_PATH (a GGUF file).";

/** The configured language model, loaded on first use and once; undefined when none is configured. */
export interface ModelProvider {
  readonly configured: boolean;
  /** Rejects with the reason when the model cannot be loaded; the next call tries again. */
  load(): Promise<LanguageModel | undefined>;
  /** Ends what the model is doing and frees it. There is no model afterwards. */
  dispose(): Promise<void>;
}

export interface ModelLoaders {
  gguf?: (path: string, options: GgufOptions) => Promise<GgufModel>;
}

export function createModelProvider(
  config: Config["model"],
  { gguf = ggufModel }: ModelLoaders = {},
): ModelProvider {
  let loading: Promise<LanguageModel | undefined> | undefined;
  let local: GgufModel | undefined;
  let closed: Promise<void> | undefined;

  const start = async (): Promise<LanguageModel | undefined> => {
    if (config.kind === "openai-compatible") {
      // The operator chose the endpoint: it may well be on this machine.
      return openAICompatibleModel({ ...config, fetch: createOutgoingFetch({ allowPrivate: true }) });
    }
    if (config.kind === "none") return undefined;
    local = await gguf(config.path, config.threads === undefined ? {} : { threads: config.threads });
    return local;
  };

  return {
    configured: config.kind !== "none",
    load: async () => {
      if (closed !== undefined) throw new Error("The server is stopping: its language model is closed.");
      loading ??= start().catch((error: unknown) => {
        // A file that was missing may be there next time.
        loading = undefined;
        throw error;
      });
      return await loading;
    },
    dispose: () => {
      closed ??= (async () => {
        await loading?.catch(() => undefined);
        await local?.dispose();
      })();
      return closed;
    },
  };
}
