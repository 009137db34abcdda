import type { Rerank, Reranked } from "@agent-learning/contract";
import type { RankedCandidate } from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import { findRanking } from "./find-ranking.ts";

/**
 * Puts candidates of any store in the order that a version has learned; in the store's own where it has learned none, or nothing serves.
 * @throws ProblemError as `findRanking`
 */
export async function rerank({ ctx, input }: { ctx: Context; input: Rerank }): Promise<Reranked> {
  const { reranker, versionId, rankerVersion } = await findRanking(ctx, input);
  const candidates = input.candidates.map(({ chunk_id: chunk, score, match }): RankedCandidate => ({
    chunk,
    score,
    match,
  }));
  const own = new Set(candidates.map(({ chunk }) => chunk));
  return {
    chunks: reranker.rerank(input.query, candidates).map(({ chunk, rank, rankBefore, score }) => ({
      chunk_id: chunk,
      rank,
      rank_before: rankBefore,
      score,
    })),
    recalled:
      input.recall === 0
        ? []
        : reranker
            .recall(input.query, input.recall + own.size)
            .filter((chunk) => !own.has(chunk))
            .slice(0, input.recall),
    version_id: versionId,
    ranker_version: rankerVersion,
  };
}
