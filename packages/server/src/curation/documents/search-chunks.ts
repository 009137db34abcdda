import { analyse, expandQuery, EXPANSION_WEIGHT, type QueryExpansion } from "@agent-learning/learning";
import type { TenantContext } from "../../context.ts";
import { BM25, type LiveIndex, searchIndex, type WeightedTerm } from "./search-store.ts";

/** A chunk that a search found. */
export interface ChunkMatch {
  id: string;
  /** The name that retrievals and feedback know it by. */
  key: string;
  /** BM25; NaN for a chunk that was asked for by name and shares no term. */
  score: number;
  /** Its share of what a chunk that is the query itself would score. */
  match: number;
}

const saturation = (count: number, relativeLength: number): number =>
  (count * (BM25.k1 + 1)) / (count + BM25.k1 * (1 - BM25.b + BM25.b * relativeLength));

/** What a chunk that is the query itself would score: `selfScore` of `createBm25Index`. */
function perfectScore(
  terms: readonly string[],
  index: LiveIndex,
  holders: ReadonlyMap<string, number>,
): number {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  let score = 0;
  for (const [term, count] of counts) {
    const df = holders.get(term) ?? 0;
    score +=
      Math.log(1 + (index.chunks - df + 0.5) / (df + 0.5)) *
      saturation(count, terms.length / index.meanLength);
  }
  return score;
}

/** The best chunks for a query by BM25, with the terms that an expansion adds at their weight. */
export async function searchChunks(
  ctx: TenantContext,
  index: LiveIndex,
  query: string,
  {
    limit,
    expansion,
    also = [],
  }: { limit: number; expansion?: QueryExpansion | undefined; also?: readonly string[] },
): Promise<ChunkMatch[]> {
  const terms = analyse(query);
  const own = [...new Set(terms)];
  const added = expansion === undefined ? [] : expandQuery(expansion, own);
  const weighted: WeightedTerm[] = [
    ...own.map((term) => ({ term, weight: 1 })),
    ...added.map((term) => ({ term, weight: EXPANSION_WEIGHT })),
  ];
  if (weighted.length === 0 && also.length === 0) return [];
  const { found, holders } = await searchIndex(ctx, index, weighted, limit, also);
  const perfect = perfectScore(terms, index, holders) || 1;
  return found.map(({ id, chunk_key: key, score }) => ({
    id,
    key,
    score: score ?? Number.NaN,
    match: Math.min(1, (score ?? 0) / perfect),
  }));
}
