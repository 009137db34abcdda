import type { Embedder } from "@agent-learning/learning";
import type { Config } from "../config.ts";
import type { GgufEmbedder, GgufEmbedderOptions } from "./gguf/gguf-embedder.ts";

/** What a caller is told when something needs an embedder and there is none. */
export const NO_EMBEDDER =
  "no embedder is configured: set LEARNING_EMBEDDING_URL and LEARNING_EMBEDDING_MODEL (any OpenAI-compatible endpoint) or LEARNING_EMBEDDING_PATH (a GGUF file)";

/** The configured embedder, loaded on first use and once; undefined when none is. */
export interface EmbedderProvider {
  readonly configured: boolean;
  /** Rejects with the reason when the model cannot be loaded; the next call tries again. */
  load(): Promise<Embedder | undefined>;
  /** Ends what a local model is doing and frees it. */
  dispose(): Promise<void>;
}

export interface EmbedderLoaders {
  gguf?: (path: string, options: GgufEmbedderOptions) => Promise<GgufEmbedder>;
}

// What a server without a model never loads: the library is as large as all of its own.
const loadGguf = async (path: string, options: GgufEmbedderOptions): Promise<GgufEmbedder> =>
  await (await import("./gguf/gguf-embedder.ts")).ggufEmbedder(path, options);

export function createEmbedderProvider(
  config: Config["embedding"],
  { gguf = loadGguf }: EmbedderLoaders = {},
): EmbedderProvider {
  let local: Promise<GgufEmbedder> | undefined;
  return {
    configured: config !== undefined,
    load: async () => {
      if (config === undefined) return undefined;
      if (config.kind === "gguf") {
        local ??= gguf(config.path, { threads: config.threads }).catch((error: unknown) => {
          local = undefined;
          throw error;
        });
        return local;
      }
      const [{ openAIEmbedder }, { createOutgoingFetch }] = await Promise.all([
        import("./openai-embedder.ts"),
        import("../outgoing/outgoing-fetch.ts"),
      ]);
      // The operator chose the endpoint: it may well be on this machine.
      return openAIEmbedder(config, { fetch: createOutgoingFetch({ allowPrivate: true }) });
    },
    dispose: async () => {
      const loading = local;
      local = undefined;
      await (await loading?.catch(() => undefined))?.dispose();
    },
  };
}
