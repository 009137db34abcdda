import type { LanguageModel } from "@agent-learning/learning";
import type { Config } from "../config.ts";
import type { GgufModel, GgufOptions } from "./gguf/gguf-model.ts";
import { rememberAnswers } from "./remember-answers.ts";
import { type ModelPrice, withPrice } from "./with-price.ts";

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

// What a server without a model never loads: the libraries of the models are as large as all of its own.
const loadGguf = async (path: string, options: GgufOptions): Promise<GgufModel> =>
  await (await import("./gguf/gguf-model.ts")).ggufModel(path, options);

/** @param price what a million tokens cost, where the answers are to say what they cost */
export function createModelProvider(
  config: Config["model"],
  { gguf = loadGguf }: ModelLoaders = {},
  price?: ModelPrice,
): ModelProvider {
  let loading: Promise<LanguageModel | undefined> | undefined;
  let local: GgufModel | undefined;
  let closed: Promise<void> | undefined;

  const start = async (): Promise<LanguageModel | undefined> => {
    if (config.kind === "openai-compatible") {
      const [{ openAICompatibleModel }, { createOutgoingFetch }] = await Promise.all([
        import("./openai-compatible.ts"),
        import("../outgoing/outgoing-fetch.ts"),
      ]);
      // The operator chose the endpoint: it may well be on this machine.
      return openAICompatibleModel({ ...config, fetch: createOutgoingFetch({ allowPrivate: true }) });
    }
    if (config.kind === "none") return undefined;
    local = await gguf(config.path, config.threads === undefined ? {} : { threads: config.threads });
    // It answers a prompt the same each time, so nobody has to wait for that twice.
    return rememberAnswers(local);
  };

  const startPriced = async (): Promise<LanguageModel | undefined> => {
    const model = await start();
    return model === undefined ? undefined : withPrice(model, price);
  };

  return {
    configured: config.kind !== "none",
    load: async () => {
      if (closed !== undefined) throw new Error("The server is stopping: its language model is closed.");
      loading ??= startPriced().catch((error: unknown) => {
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
