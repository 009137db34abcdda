import type { LanguageModel } from "@agent-learning/learning";
import type { Config } from "../config.ts";
import type { GgufModel, GgufOptions } from "./gguf/gguf-model.ts";
import { rememberAnswers } from "./remember-answers.ts";
import { type ModelPrice, withPrice } from "./with-price.ts";

/** What a caller is told when something needs a model and there is none. */
export const NO_MODEL =
  "No language model is configured: set LEARNING_MODEL_URL and LEARNING_MODEL (any OpenAI-compatible endpoint) or LEARNING_MODEL_PATH (a GGUF file).";

/** What fine-tuning made of the configured model. */
export interface ModelVariant {
  /** A LoRA adapter, as GGUF, for the configured GGUF file. */
  adapterPath?: string;
  /** Another model at the configured endpoint. */
  name?: string;
}

/** The configured language model, loaded on first use and once; undefined when none is configured. */
export interface ModelProvider {
  readonly configured: boolean;
  /** Rejects with the reason when the model cannot be loaded; the next call tries again. */
  load(variant?: ModelVariant): Promise<LanguageModel | undefined>;
  /** Ends what the model is doing and frees it. There is no model afterwards. */
  dispose(): Promise<void>;
}

export interface ModelLoaders {
  gguf?: (path: string, options: GgufOptions) => Promise<GgufModel>;
}

// What a server without a model never loads: the libraries of the models are as large as all of its own.
const loadGguf = async (path: string, options: GgufOptions): Promise<GgufModel> =>
  await (await import("./gguf/gguf-model.ts")).ggufModel(path, options);

/** Adapters that are loaded at one time, beside the model itself: each takes memory for its contexts. */
const MOST_VARIANTS = 2;

/** @param price what a million tokens cost, where the answers are to say what they cost */
export function createModelProvider(
  config: Config["model"],
  { gguf = loadGguf }: ModelLoaders = {},
  price?: ModelPrice,
): ModelProvider {
  // In the order of their last use; the configured model itself is "".
  const loaded = new Map<string, Promise<LanguageModel | undefined>>();
  const local = new Map<string, GgufModel>();
  let closed: Promise<void> | undefined;

  const start = async (key: string, variant: ModelVariant): Promise<LanguageModel | undefined> => {
    if (config.kind === "none") return undefined;
    if (config.kind === "openai-compatible") {
      if (variant.adapterPath !== undefined)
        throw new Error("An adapter needs the GGUF file that it was trained on: set LEARNING_MODEL_PATH.");
      const [{ openAICompatibleModel }, { createOutgoingFetch }] = await Promise.all([
        import("./openai-compatible.ts"),
        import("../outgoing/outgoing-fetch.ts"),
      ]);
      const name = variant.name ?? config.name;
      // The operator chose the endpoint: it may well be on this machine.
      return openAICompatibleModel({ ...config, name, fetch: createOutgoingFetch({ allowPrivate: true }) });
    }
    if (variant.name !== undefined)
      throw new Error(`${variant.name} is at an endpoint: set LEARNING_MODEL_URL and LEARNING_MODEL.`);
    const model = await gguf(config.path, {
      ...(config.threads === undefined ? {} : { threads: config.threads }),
      ...(variant.adapterPath === undefined ? {} : { adapterPath: variant.adapterPath }),
    });
    local.set(key, model);
    // It answers a prompt the same each time, so nobody has to wait for that twice.
    return rememberAnswers(model);
  };

  const startPriced = async (key: string, variant: ModelVariant): Promise<LanguageModel | undefined> => {
    const model = await start(key, variant);
    return model === undefined ? undefined : withPrice(model, price);
  };

  const unload = async (key: string): Promise<void> => {
    const loading = loaded.get(key);
    loaded.delete(key);
    await loading?.catch(() => undefined);
    const model = local.get(key);
    local.delete(key);
    await model?.dispose();
  };

  return {
    configured: config.kind !== "none",
    load: async (variant = {}) => {
      if (closed !== undefined) throw new Error("The server is stopping: its language model is closed.");
      const key = variant.adapterPath ?? variant.name ?? "";
      const loading =
        loaded.get(key) ??
        startPriced(key, variant).catch((error: unknown) => {
          // A file that was missing may be there next time.
          loaded.delete(key);
          throw error;
        });
      loaded.delete(key);
      loaded.set(key, loading);
      const variants = [...loaded.keys()].filter((one) => one !== "");
      for (const old of variants.slice(0, -MOST_VARIANTS)) await unload(old);
      return await loading;
    },
    dispose: () => {
      closed ??= (async () => {
        // What is unloaded leaves the map; going through one allows that.
        for (const key of loaded.keys()) await unload(key);
      })();
      return closed;
    },
  };
}
