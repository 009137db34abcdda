/** What a store's own ranking says of one chunk. */
export interface RankedCandidate {
  chunk: string;
  /** Higher is better, in any unit. */
  score: number;
  /**
   * How well it matches by a measure that means the same for all queries: BM25 over what a perfect match would reach, or a cosine.
   * Tells a clear case from a vague one. Left out where the store has none.
   */
  match?: number | undefined;
}

/** The features of a candidate, in this order in every artifact of format 2. */
export const RANKING_FEATURES = [
  // The score over the best one of the query.
  "score_share",
  // The score between the worst (0) and the best (1) of the query.
  "score_position",
  // 1 over the rank.
  "reciprocal_rank",
  // The store's absolute measure of the match.
  "match",
  // How well earlier queries for the chunk match (`QueryMemory`).
  "memory",
  // The same over its best value among the candidates of the query.
  "memory_share",
  // Log-odds by which evidence moved the chunk's relevance.
  "relevance",
  // 1 where there is evidence of the chunk.
  "known",
  // How near the nearest single earlier query for the chunk is (`QueryMemory.compare`).
  "nearest_query",
  // The same over its best value among the candidates of the query.
  "nearest_query_share",
  // The best `match` of the query: whether the store is sure of anything.
  "best_match",
  // The best `memory` of the query: whether anybody asked this before. 0 leaves the order alone unless the artifact says otherwise.
  "best_memory",
] as const;

/** What the memory says of one query. */
export interface Recollection {
  /** Per chunk, as `QueryMemory.match` has it. */
  shares: ReadonlyMap<string, number>;
  /** As `QueryMemory.compare` has it. */
  nearest: (chunk: string) => number;
}

/**
 * One row per candidate, in the candidates' order. A candidate that the memory recalled, and the store does not have among its best, has
 * the score NaN: last in rank, and 0 where others have a share.
 */
export function rankingFeatures(
  candidates: readonly RankedCandidate[],
  { shares, nearest }: Recollection,
  relevance: Pick<ReadonlyMap<string, number>, "get">,
): number[][] {
  const finite = candidates.map(({ score }) => score).filter(Number.isFinite);
  const low = finite.reduce((least, score) => Math.min(least, score), Infinity);
  const high = finite.reduce((most, score) => Math.max(most, score), -Infinity);
  const order = candidates
    .map(({ score }, index) => ({ score: Number.isFinite(score) ? score : -Infinity, index }))
    .toSorted((one, other) =>
      other.score > one.score ? 1 : other.score < one.score ? -1 : one.index - other.index,
    );
  const ranks = new Float64Array(candidates.length);
  for (const [rank, { index }] of order.entries()) ranks[index] = rank;
  const near = Float64Array.from(candidates, ({ chunk }) => nearest(chunk));
  const nearestOfAll = near.reduce((most, value) => Math.max(most, value), 0);
  const remembered = candidates.reduce((most, { chunk }) => Math.max(most, shares.get(chunk) ?? 0), 0);
  const bestMatch = candidates.reduce(
    (most, { match = Number.NaN }) => (match <= most ? most : match),
    Number.NaN,
  );
  return candidates.map(({ chunk, score, match = Number.NaN }, index) => {
    const scored = Number.isFinite(score);
    const own = shares.get(chunk) ?? 0;
    const moved = relevance.get(chunk);
    return [
      scored && high > 0 ? score / high : 0,
      scored ? (high > low ? (score - low) / (high - low) : 1) : 0,
      1 / (1 + (ranks[index] as number)),
      match,
      own,
      remembered > 0 ? own / remembered : 0,
      moved ?? 0,
      moved === undefined ? 0 : 1,
      near[index] as number,
      nearestOfAll > 0 ? (near[index] as number) / nearestOfAll : 0,
      bestMatch,
      remembered,
    ];
  });
}
