import { scoreTrees } from "./lambdamart/learn-lambdamart.ts";
import { scoreLinear } from "./pairwise-logistic.ts";
import { createQueryMemory } from "./query-memory.ts";
import { RANKING_FEATURES, type RankedCandidate, rankingFeatures } from "./ranking-features.ts";
import { RETRIEVAL_ARTIFACT_FORMAT, type RetrievalArtifact } from "./retrieval-artifact.ts";

/** A candidate in its new place. */
export interface RerankedChunk {
  chunk: string;
  /** Of the ranker; comparable within the query only. */
  score: number;
  /** 1 is the first, before and now. */
  rankBefore: number;
  rank: number;
}

export interface Reranker {
  /** The candidates in their new order, all of them and no other; ties keep the order of their scores. */
  rerank(query: string, candidates: readonly RankedCandidate[]): RerankedChunk[];
  /** Chunks that earlier queries like this one led to, best first: candidates to add where the caller can fetch them. */
  recall(query: string, limit: number): string[];
}

const BEST_MEMORY = RANKING_FEATURES.indexOf("best_memory");

/** @throws RangeError for an artifact of another format */
export function createReranker(artifact: RetrievalArtifact): Reranker {
  const format: number = artifact.format;
  if (format !== RETRIEVAL_ARTIFACT_FORMAT)
    throw new RangeError(
      `The retrieval artifact has format ${format}; this version reads format ${String(RETRIEVAL_ARTIFACT_FORMAT)}.`,
    );
  const memory = createQueryMemory(artifact.memory, {
    threshold: artifact.memoryThreshold,
    // Capped when it was learned.
    pairsPerActor: Infinity,
  });
  const relevance = new Map(Object.entries(artifact.relevance));
  const { ranker, speaks } = artifact;
  return {
    rerank(query, candidates) {
      const byScore = candidates
        .map((candidate, index) => ({ candidate, index }))
        .toSorted(
          (one, other) =>
            (other.candidate.score || 0) - (one.candidate.score || 0) || one.index - other.index,
        );
      const inOrder = byScore.map(({ candidate }) => candidate);
      if (ranker === null) return inPlace(inOrder);
      const recollection = { shares: memory.match(query), nearest: memory.compare(query) };
      const rows = rankingFeatures(inOrder, recollection, relevance);
      if (speaks === "remembered" && rows[0]?.[BEST_MEMORY] === 0) return inPlace(inOrder);
      const scored = inOrder.map(({ chunk }, index) => {
        const row = rows[index] as number[];
        const score = ranker.kind === "linear" ? scoreLinear(ranker, row) : scoreTrees(ranker, row);
        return { chunk, score, rankBefore: index + 1 };
      });
      scored.sort((one, other) => other.score - one.score || one.rankBefore - other.rankBefore);
      return scored.map((each, index) => ({ ...each, rank: index + 1 }));
    },
    recall: (query, limit) => [...memory.match(query).keys()].slice(0, limit),
  };
}

/** The candidates as they stand, with the scores of their store. */
function inPlace(candidates: readonly RankedCandidate[]): RerankedChunk[] {
  return candidates.map(({ chunk, score }, index) => ({
    chunk,
    score,
    rankBefore: index + 1,
    rank: index + 1,
  }));
}
