import type { JsonValue } from "@agent-learning/contract";
import { z } from "zod";

/**
 * `ranking`: memory, chunk relevance and ranker anew. `chunk_relevance`: the served artifact with the chunks' relevance as evidence now
 * has it, its ranker and memory unchanged. `query_expansion`: terms that a search of the agent's own documents adds to a query.
 * `fusion`: how much words and embeddings weigh in such a search. `adapter`: how queries' embeddings are
 * moved before it. `chunking`: how long its chunks are, for all documents and groups of them.
 */
export const RETRIEVAL_METHODS = [
  "ranking",
  "chunk_relevance",
  "query_expansion",
  "fusion",
  "adapter",
  "chunking",
] as const;

/** What a run of retrieval learning was asked to do: the run's `config`. */
export interface RetrievalSettings {
  method: (typeof RETRIEVAL_METHODS)[number];
  /** Evidence of the last so many days counts. */
  days: number;
  /** Retrievals at most, the latest. */
  max_retrievals: number;
  /** Share of the judged queries, the latest, that nothing is learned from and the gate decides by. */
  held_out: number;
  seed: number;
  /** The field of documents' metadata whose values are groups that may be cut in a way of their own. */
  group_by: string;
}

const schema: z.ZodType<RetrievalSettings> = z.strictObject({
  method: z.enum(RETRIEVAL_METHODS).default("ranking"),
  days: z.number().int().min(1).max(3_650).default(180),
  max_retrievals: z.number().int().min(10).max(200_000).default(100_000),
  held_out: z.number().min(0.1).max(0.5).default(0.25),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  group_by: z.string().min(1).max(100).default("group"),
});

/** Reads a run's config; the error is zod's, with a path for each field. */
export function readRetrievalSettings(config: unknown): z.ZodSafeParseResult<RetrievalSettings> {
  return schema.safeParse(config);
}

/** The config as it is stored. */
export function storedSettings(settings: RetrievalSettings): Record<string, JsonValue> {
  return { ...settings };
}
