import { createReranker } from "./create-reranker.ts";
import { type GateQuery, type RankingGateResult, rankingGate } from "./gate.ts";
import type { QueryEvidence } from "./query-evidence.ts";
import { scoreRanking } from "./ranking-metrics.ts";
import type { RetrievalArtifact } from "./retrieval-artifact.ts";

export interface GateRankingOptions {
  seed: string;
  alpha?: number;
}

/**
 * Holds an artifact against the one in service (null: the store's own order) on queries that came later than all that it learned from.
 * Warm are those with a relevant chunk that the evidence knew, cold the others; both are guarded, and so are the queries' own slices.
 */
export function gateRanking(
  artifact: RetrievalArtifact,
  baseline: RetrievalArtifact | null,
  heldOut: readonly QueryEvidence[],
  { seed, alpha }: GateRankingOptions,
): RankingGateResult {
  const [after, before] = [createReranker(artifact), baseline === null ? null : createReranker(baseline)];
  const known = new Set(artifact.memory.map(({ chunk }) => chunk));
  const queries = heldOut
    .filter(({ grades }) => grades.size > 0)
    .map(({ id, query, candidates, grades, slices = [] }): GateQuery => {
      const order = (reranker: typeof after | null): string[] =>
        reranker === null
          ? candidates.toSorted((one, other) => other.score - one.score).map(({ chunk }) => chunk)
          : reranker.rerank(query, candidates).map(({ chunk }) => chunk);
      const isWarm = [...grades.keys()].some((chunk) => known.has(chunk));
      return {
        id,
        baseline: scoreRanking(order(before), grades),
        candidate: scoreRanking(order(after), grades),
        slices: [isWarm ? "warm" : "cold", ...slices],
      };
    });
  return rankingGate(queries, { seed, ...(alpha === undefined ? {} : { alpha }) });
}
