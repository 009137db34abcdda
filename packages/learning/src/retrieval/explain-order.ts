import { createQueryMemory } from "./query-memory.ts";
import { scoreTrees } from "./lambdamart/learn-lambdamart.ts";
import { scoreLinear } from "./pairwise-logistic.ts";
import { RANKING_FEATURES, type RankedCandidate, rankingFeatures } from "./ranking-features.ts";
import type { RetrievalArtifact } from "./retrieval-artifact.ts";

/** What a place in the order comes from: the store's own score, like earlier queries, what people said of the chunk. */
export const ORDER_FACTORS = ["store", "memory", "relevance"] as const;
export type OrderFactor = (typeof ORDER_FACTORS)[number];

/** Why a ranker puts a chunk where it does. */
export interface ChunkReason {
  chunk: string;
  /** What each factor adds to the chunk's score, over what it would with the mean of the query's candidates in its place. */
  effects: Record<OrderFactor, number>;
  /** How well the queries that led to the chunk match this one, 0 to 1. */
  memory: number;
  /** How near the nearest single one of them is, 0 to 1. */
  nearest: number;
  /** Log-odds by which evidence moved the chunk's relevance; null: there is none. */
  relevance: number | null;
}

const FEATURES: Record<OrderFactor, readonly (typeof RANKING_FEATURES)[number][]> = {
  store: ["score_share", "score_position", "reciprocal_rank", "match"],
  memory: ["memory", "memory_share", "nearest_query", "nearest_query_share"],
  relevance: ["relevance", "known"],
};
const COLUMNS = ORDER_FACTORS.map((factor) => ({
  factor,
  columns: FEATURES[factor].map((name) => RANKING_FEATURES.indexOf(name)),
}));
const BEST_MEMORY = RANKING_FEATURES.indexOf("best_memory");

const meanOf = (values: readonly number[]): number => {
  const finite = values.filter(Number.isFinite);
  return finite.length === 0 ? Number.NaN : finite.reduce((sum, value) => sum + value, 0) / finite.length;
};

/**
 * A function that tells for each candidate of a query what its score comes from. Empty where the artifact leaves the store's order alone.
 */
export function createOrderExplainer(
  artifact: RetrievalArtifact,
): (query: string, candidates: readonly RankedCandidate[]) => ChunkReason[] {
  const { ranker, speaks } = artifact;
  if (ranker === null) return () => [];
  const memory = createQueryMemory(artifact.memory, {
    threshold: artifact.memoryThreshold,
    pairsPerActor: Infinity,
  });
  const relevance = new Map(Object.entries(artifact.relevance));
  const scoreOf = (row: readonly number[]): number =>
    ranker.kind === "linear" ? scoreLinear(ranker, row) : scoreTrees(ranker, row);
  return (query, candidates) => {
    const [shares, nearest] = [memory.match(query), memory.compare(query)];
    const rows = rankingFeatures(candidates, { shares, nearest }, relevance);
    if (speaks === "remembered" && (rows[0]?.[BEST_MEMORY] ?? 0) === 0) return [];
    const means = RANKING_FEATURES.map((_name, column) => meanOf(rows.map((row) => row[column] as number)));
    return candidates.map(({ chunk }, index) => {
      const row = rows[index] as number[];
      const score = scoreOf(row);
      const effects = Object.fromEntries(
        COLUMNS.map(({ factor, columns }) => {
          const without = row.map((value, column) =>
            columns.includes(column) ? (means[column] as number) : value,
          );
          return [factor, score - scoreOf(without)];
        }),
      ) as Record<OrderFactor, number>;
      return {
        chunk,
        effects,
        memory: shares.get(chunk) ?? 0,
        nearest: nearest(chunk),
        relevance: relevance.get(chunk) ?? null,
      };
    });
  };
}
