import type { Embedder } from "@agent-learning/learning";
import type { Config } from "../config.ts";

/** What a caller is told when something needs an embedder and there is none. */
export const NO_EMBEDDER =
  "no embedder is configured: set LEARNING_EMBEDDING_URL and LEARNING_EMBEDDING_MODEL (any OpenAI-compatible endpoint)";

/** The configured embedder; undefined when none is. */
export interface EmbedderProvider {
  readonly configured: boolean;
  load(): Promise<Embedder | undefined>;
}

export function createEmbedderProvider(config: Config["embedding"]): EmbedderProvider {
  return {
    configured: config !== undefined,
    load: async () => {
      if (config === undefined) return undefined;
      const [{ openAIEmbedder }, { createOutgoingFetch }] = await Promise.all([
        import("./openai-embedder.ts"),
        import("../outgoing/outgoing-fetch.ts"),
      ]);
      // The operator chose the endpoint: it may well be on this machine.
      return openAIEmbedder(config, { fetch: createOutgoingFetch({ allowPrivate: true }) });
    },
  };
}
