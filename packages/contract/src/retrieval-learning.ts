import { z } from "zod";
import { agentReference, externalId, uuid } from "./identifiers.ts";
import { type JsonValue, jsonObject } from "./json.ts";
import { ENVIRONMENTS, type Environment } from "./serving.ts";
import { text } from "./text.ts";

/** What a version ranks by. `format` says what its features and rankers mean; another number needs another reader. */
export interface RetrievalArtifact {
  format: number;
  /** Queries that led to chunks; actors are numbers. */
  memory: { query: string; chunk: string; actor: string }[];
  memoryThreshold: number;
  /** Per chunk the log-odds by which evidence moved its relevance. */
  relevance: Record<string, number>;
  speaks: "remembered" | "always";
  /** For searches of the server's own. */
  expansion?: Record<string, JsonValue> | undefined;
  fusion?: number[] | undefined;
  ranker: Record<string, JsonValue> | null;
}

export const retrievalArtifact: z.ZodType<RetrievalArtifact> = z.object({
  format: z.number().int(),
  memory: z.array(z.object({ query: z.string(), chunk: z.string(), actor: z.string() })),
  memoryThreshold: z.number(),
  relevance: z.record(z.string(), z.number()),
  speaks: z.enum(["remembered", "always"]),
  expansion: jsonObject.optional(),
  fusion: z.array(z.number()).optional(),
  ranker: jsonObject.nullable(),
});

export interface EmbeddingDataQuery {
  /** Evidence of the last so many days. */
  days: number;
  /** Retrievals at most, the latest. */
  limit: number;
}

export const embeddingDataQuery: z.ZodType<EmbeddingDataQuery> = z.object({
  days: z.coerce.number().int().min(1).max(3_650).default(180),
  limit: z.coerce.number().int().min(1).max(1_000_000).default(100_000),
});

export interface Rerank {
  agent_id: string;
  query: string;
  /** What the store found, in any order. */
  candidates: {
    chunk_id: string;
    /** The store's own, higher is better, in any unit. */
    score: number;
    /** How well it matches by a measure that means the same for all queries: a cosine, or BM25 over what a perfect match would reach. */
    match?: number | undefined;
  }[];
  environment: Environment;
  /** Whom it is for: experiments and rollouts divide by it. Without it, the version that serves by default. */
  unit_id?: string | undefined;
  /** This version, whatever serves. */
  version_id?: string | undefined;
  /** Chunks to name beside the candidates that like queries led to, for a caller who can fetch them. */
  recall: number;
}

export const rerank: z.ZodType<Rerank> = z.object({
  agent_id: agentReference,
  query: text,
  candidates: z
    .array(
      z.object({
        chunk_id: externalId,
        score: z.number(),
        match: z.number().optional(),
      }),
    )
    .max(1_000)
    .refine((list) => new Set(list.map(({ chunk_id: id }) => id)).size === list.length, {
      error: "names a chunk twice",
    }),
  environment: z.enum(ENVIRONMENTS).default("production"),
  unit_id: externalId.optional(),
  version_id: uuid.optional(),
  recall: z.number().int().min(0).max(100).default(0),
});

export interface Reranked {
  /** All candidates and no other, best first. */
  chunks: { chunk_id: string; rank: number; rank_before: number; score: number }[];
  /** Chunks that are not among the candidates. */
  recalled: string[];
  /** The version whose ranking it is; null while nothing serves. */
  version_id: string | null;
  /** To be recorded as the retrieval's `ranker_version`: the artifact, or `store` where the store's order stands. */
  ranker_version: string;
}

export const reranked: z.ZodType<Reranked> = z.object({
  chunks: z.array(
    z.object({
      chunk_id: z.string(),
      rank: z.number().int(),
      rank_before: z.number().int(),
      score: z.number(),
    }),
  ),
  recalled: z.array(z.string()),
  version_id: uuid.nullable(),
  ranker_version: z.string(),
});
