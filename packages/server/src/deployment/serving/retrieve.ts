import type { Retrieve, RetrievedTexts } from "@agent-learning/contract";
import type { Context } from "../../context.ts";
import { readChunkTexts } from "../../curation/documents/index.ts";
import { searchBoth } from "../../learning/index.ts";
import { findRanking } from "./find-ranking.ts";

/** Chunks that a version has to choose among. */
const CANDIDATES = 100;
/** Chunks that the memory adds to them. */
const RECALLED = 20;
/** Chunks that are returned, unless the caller or the version says. */
const SHOWN = 10;

/**
 * Finds chunks of the agent's documents: by their words, with what the version has learned to add to a query, by embeddings where an
 * embedder is configured, and in the order that the version has learned.
 * @throws ProblemError as `findRanking`
 */
export async function retrieve({ ctx, input }: { ctx: Context; input: Retrieve }): Promise<RetrievedTexts> {
  const { agentId, reranker, versionId, rankerVersion, chunking, ...learned } = await findRanking(ctx, input);
  const also = reranker.recall(input.query, RECALLED);
  const { found, notes } = await searchBoth(ctx, agentId, input.query, {
    ...learned,
    limit: CANDIDATES,
    chunkingId: chunking?.chunking_id,
    also,
  });
  const byKey = new Map(found.map((chunk) => [chunk.key, chunk]));
  const ranked = reranker
    .rerank(
      input.query,
      found.map(({ key, score, match }) => ({ chunk: key, score, match })),
    )
    .slice(0, input.limit ?? chunking?.shown ?? SHOWN)
    .flatMap(({ chunk, rank }) => ({ ...byKey.get(chunk), rank }));
  const ids = ranked.flatMap(({ id }) => id ?? []);
  const read = await ctx.transact((tenant) => readChunkTexts(tenant, ids));
  const texts = new Map(read.map((text) => [text.id, text]));
  const chunks = ranked.flatMap(({ id = "", rank, score = Number.NaN, match = Number.NaN }) => {
    const text = texts.get(id);
    // It went between the search and now.
    if (text === undefined) return [];
    const { chunk_key, document_id, title, body, start_offset: start, end_offset: end } = text;
    const measured = Number.isFinite(score) ? { score, match } : { score: null, match: null };
    return { chunk_id: chunk_key, document_id, title, text: body, start, end, rank, ...measured };
  });
  return { chunks, version_id: versionId, ranker_version: rankerVersion, notes };
}
