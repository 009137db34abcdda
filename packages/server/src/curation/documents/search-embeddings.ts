import { adaptQuery, type Embedder, type RetrievalArtifact } from "@agent-learning/learning";
import { perServices } from "../../per-services.ts";
import type { Context } from "../../context.ts";
import { readEmbeddings } from "./embedding-store.ts";
import type { LiveIndex } from "./search-store.ts";
import { type NearChunk, nearest, tableOf, type VectorTable } from "./vectors.ts";

/** Chunks whose vectors fit in memory: with 1,000 numbers each, 800 MB. */
const MOST_CHUNKS = 200_000;
const PAGE = 5_000;
const MOST_TABLES = 20;
const FIRST = "00000000-0000-0000-0000-000000000000";
/** While documents come in, vectors change all the time: they are not read more often than this. */
const SETTLE_MILLISECONDS = 2_000;
/** A search does not wait longer for the query's vector. */
const EMBED_MILLISECONDS = 3_000;

interface Entry {
  revision: number;
  embedder: string;
  readAt: number;
  table: Promise<VectorTable>;
}

const tables = perServices(() => new Map<string, Entry>());

async function readTable(ctx: Context, chunkingId: string, embedder: string): Promise<VectorTable> {
  const rows: Parameters<typeof tableOf>[0][number][] = [];
  for (let after = FIRST; ;) {
    const page = await ctx.transact((tenant) =>
      readEmbeddings(tenant, { chunkingId, embedder, after, limit: PAGE }),
    );
    rows.push(...page);
    if (page.length < PAGE) return tableOf(rows);
    after = page.at(-1)?.id ?? after;
  }
}

function loadTable(
  ctx: Context,
  { chunkingId, embeddingRevision: revision }: LiveIndex,
  embedder: string,
): Promise<VectorTable> {
  const cache = tables(ctx.services);
  const known = cache.get(chunkingId);
  const isFresh =
    known?.embedder === embedder &&
    (known.revision === revision || performance.now() - known.readAt < SETTLE_MILLISECONDS);
  if (known !== undefined && isFresh) return known.table;
  const table = readTable(ctx, chunkingId, embedder);
  cache.delete(chunkingId);
  cache.set(chunkingId, { revision, embedder, readAt: performance.now(), table });
  if (cache.size > MOST_TABLES) cache.delete(cache.keys().next().value ?? "");
  table.catch(() => cache.delete(chunkingId));
  return table;
}

/** What a search by embeddings comes to: chunks, or why there are none; and what the caller should know. */
export interface EmbeddingSearch {
  found: NearChunk[];
  note: string | undefined;
}

/** Never rejects for what the endpoint does: the search by words goes on without it. */
export async function searchEmbeddings(
  ctx: Context,
  index: LiveIndex,
  embedder: Embedder,
  query: string,
  limit: number,
  adapter?: NonNullable<RetrievalArtifact["adapter"]>,
): Promise<EmbeddingSearch> {
  if (index.chunks > MOST_CHUNKS)
    return {
      found: [],
      note: `Found by words alone: more than ${MOST_CHUNKS} chunks are not searched by embeddings.`,
    };
  let vector: number[] | undefined;
  try {
    [vector] = await embedder.embed([query], { signal: AbortSignal.timeout(EMBED_MILLISECONDS) });
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\.$/, "") : "the embedder failed";
    return { found: [], note: `Found by words alone: ${why}.` };
  }
  const table = await loadTable(ctx, index, embedder.name);
  const missing = index.chunks - table.ids.length;
  const notes = missing > 0 ? [`${missing} of ${index.chunks} chunks have no embedding yet.`] : [];
  const fits = adapter?.embedder === embedder.name && adapter.dimension === vector?.length;
  if (adapter !== undefined && !fits)
    notes.push("The version has learned to move queries of another embedder: searched as they are.");
  const moved = adapter !== undefined && fits ? [...adaptQuery(adapter, vector ?? [])] : (vector ?? []);
  return {
    found: nearest(table, moved, limit),
    note: notes.length === 0 ? undefined : notes.join(" "),
  };
}

/** All vectors of an index, as a search goes through them. */
export function readVectors(ctx: Context, index: LiveIndex, embedder: string): Promise<VectorTable> {
  return loadTable(ctx, index, embedder);
}
