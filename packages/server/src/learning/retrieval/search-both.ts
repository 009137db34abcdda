import {
  type Embedder,
  fuseArms,
  type QueryExpansion,
  type RetrievalArtifact,
} from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import {
  type ChunkMatch,
  type NearChunk,
  readIndex,
  searchChunks,
  searchEmbeddings,
} from "../../curation/documents/index.ts";
import { NO_EMBEDDER } from "../../models/create-embedder.ts";

/** Words and embeddings before anything was learned: an embedder that nobody has measured speaks less. */
export const DEFAULT_FUSION: readonly number[] = [0.7, 0.3];

const NO_DOCUMENTS =
  "The agent has no documents: send some to POST /api/learning/agents/{agentId}/documents.";

export interface SearchRequest {
  expansion: QueryExpansion | undefined;
  fusion: readonly number[] | undefined;
  adapter?: RetrievalArtifact["adapter"];
  limit: number;
  /** How the documents are cut; the live way unless given. */
  chunkingId?: string | undefined;
  /** Chunks to name whatever they score. */
  also?: readonly string[];
}

/** A search by words and, where an embedder is configured, by embeddings. */
export interface SearchResult {
  /** Best first; those that were only named have no number for a score. */
  found: ChunkMatch[];
  /** What the caller should know, in sentences. */
  notes: string[];
}

/**
 * The best chunks by BM25 and cosine together, each moved to 0..1 within the query and weighed. By words alone, where there is no embedder,
 * it fails, or it weighs nothing: then scores are BM25's own.
 */
export async function searchBoth(
  ctx: Context,
  agentId: string,
  query: string,
  { expansion, fusion = DEFAULT_FUSION, adapter, limit, chunkingId, also = [] }: SearchRequest,
): Promise<SearchResult> {
  const index = await ctx.transact((tenant) => readIndex(tenant, agentId, chunkingId));
  if (index === undefined || index.chunks === 0) return { found: [], notes: [NO_DOCUMENTS] };
  const gone =
    chunkingId === undefined || index.chunkingId === chunkingId
      ? []
      : [
          "The chunks that the version wants are no longer kept: searched as the documents are cut without it.",
        ];
  const { embedder, why } = await loadEmbedder(ctx);
  const byWords = await ctx.transact((tenant) =>
    searchChunks(tenant, index, query, { limit, expansion, also }),
  );
  if (embedder === undefined) return { found: byWords, notes: [...gone, `Found by words alone: ${why}.`] };
  if ((fusion[1] ?? 0) === 0) return { found: byWords, notes: gone };
  const { found: near, note } = await searchEmbeddings(ctx, index, embedder, query, limit, adapter);
  const found = together(byWords, near, fusion).slice(0, limit + also.length);
  return { found, notes: note === undefined ? gone : [...gone, note] };
}

/** The embedder, or why there is none: a search goes on without. */
async function loadEmbedder(ctx: Context): Promise<{ embedder?: Embedder; why: string }> {
  try {
    const embedder = await ctx.services.embedders.load();
    return embedder === undefined ? { why: NO_EMBEDDER } : { embedder, why: "" };
  } catch (error) {
    return { why: error instanceof Error ? error.message.replace(/\.$/, "") : "the embedder does not load" };
  }
}

/** Both arms in one list. Where one found nothing, the other's own scores stand. */
export function together(
  byWords: readonly ChunkMatch[],
  near: readonly NearChunk[],
  fusion: readonly number[],
): ChunkMatch[] {
  if (near.length === 0) return [...byWords];
  const scored = byWords.filter(({ score }) => Number.isFinite(score));
  const words = new Map(scored.map(({ key, score }) => [key, score]));
  const cosines = new Map(near.map(({ key, cosine }) => [key, cosine]));
  const known = new Map<string, { id: string; match: number }>();
  for (const { id, key, match } of byWords) known.set(key, { id, match });
  // The surer of the two measures tells a clear case from a vague one.
  for (const { id, key, cosine } of near)
    known.set(key, { id, match: Math.max(cosine, known.get(key)?.match ?? 0) });
  const fused = fuseArms([words, cosines], fusion).flatMap(({ chunk: key, score }): ChunkMatch[] => {
    const one = known.get(key);
    return one === undefined ? [] : [{ ...one, key, score }];
  });
  const listed = new Set(fused.map(({ key }) => key));
  return [...fused, ...byWords.filter(({ key }) => !listed.has(key))];
}
