import type { TreeRanker } from "./lambdamart/learn-lambdamart.ts";
import type { LinearRanker } from "./pairwise-logistic.ts";
import type { QueryAdapter } from "./query-adapter.ts";
import type { QueryExpansion } from "./query-expansion.ts";
import type { RememberedQuery } from "./query-memory.ts";

/** Format of the artifact; another number is another meaning of its features. */
export const RETRIEVAL_ARTIFACT_FORMAT = 2;

/**
 * What retrieval has learned, as plain data: stored by hash in the agent version, loaded once, served by `createReranker` on the server and in
 * the SDK alike.
 */
export interface RetrievalArtifact {
  format: typeof RETRIEVAL_ARTIFACT_FORMAT;
  /** Queries that led to chunks; their actors are replaced by numbers. */
  memory: RememberedQuery[];
  memoryThreshold: number;
  /** Per chunk the log-odds by which evidence moved its relevance, where it did. */
  relevance: Record<string, number>;
  /** Whether it re-orders only where the memory knows a like query, or always. */
  speaks: "remembered" | "always";
  /** Terms that a search adds to a query's own, where the server searches itself; a re-ranker has no use for them. */
  expansion?: QueryExpansion;
  /** Weights of words and embeddings, where the server searches itself; they sum to 1. */
  fusion?: number[];
  /** Moves queries' embeddings before a search of the server's own; for vectors of this embedder alone. */
  adapter?: QueryAdapter & { embedder: string };
  /** Null leaves the order of the given scores as it is. */
  ranker: LinearRanker | TreeRanker | null;
}

/** The artifact that changes nothing: always a candidate. */
export const IDENTITY_RETRIEVAL: RetrievalArtifact = {
  format: RETRIEVAL_ARTIFACT_FORMAT,
  memory: [],
  memoryThreshold: 1,
  relevance: {},
  speaks: "remembered",
  ranker: null,
};
