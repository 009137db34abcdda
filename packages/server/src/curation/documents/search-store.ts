import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

/** A term that is looked for, and how much it counts beside 1 for the query's own. */
export interface WeightedTerm {
  term: string;
  weight: number;
}

export interface LiveIndex {
  chunkingId: string;
  chunks: number;
  /** Mean terms of a chunk. */
  meanLength: number;
  /** Rises with every change of the chunks' vectors. */
  embeddingRevision: number;
}

/** The agent's index of this chunking, or without it, or where it is no more, the live one; undefined while no document was ever indexed. */
export async function readIndex(
  ctx: TenantContext,
  agentId: string,
  chunkingId: string | undefined,
): Promise<LiveIndex | undefined> {
  const { rows } = await sql<{ id: string; chunks: number; terms: number; revision: number }>`
    SELECT id, chunk_count::float8 AS chunks, term_count::float8 AS terms, embedding_revision::float8 AS revision FROM chunkings
    WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId} AND (status = 'live' OR (status = 'ready' AND id = ${chunkingId ?? null}::uuid))
    ORDER BY status = 'live' LIMIT 1`.execute(ctx.tx);
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    chunkingId: row.id,
    chunks: row.chunks,
    meanLength: row.terms / row.chunks || 1,
    embeddingRevision: row.revision,
  };
}

/** As Anserini has them; on SciFact the two give what Lucene gives. */
export const BM25 = { k1: 0.9, b: 0.4 };

export interface FoundChunk {
  id: string;
  chunk_key: string;
  score: number;
}

/**
 * The `limit` best chunks by BM25 (the formula of `createBm25Index`), best first, ties in the order of their making; those named in `also` with whatever they
 * score, and in how many chunks each term is.
 */
export async function searchIndex(
  ctx: TenantContext,
  { chunkingId, chunks, meanLength }: LiveIndex,
  terms: readonly WeightedTerm[],
  limit: number,
  also: readonly string[] = [],
): Promise<{ found: FoundChunk[]; holders: Map<string, number> }> {
  const { k1, b } = BM25;
  const asked = JSON.stringify(terms);
  const { rows } = await sql<{ found: FoundChunk[]; holders: Record<string, number> }>`
    WITH asked AS (SELECT * FROM json_to_recordset(${asked}::json) AS a(term text, weight float8)),
    postings AS MATERIALIZED (
      SELECT a.term, a.weight, COUNT(*)::float8 AS df, array_agg(t.chunk_id) AS ids, array_agg(t.frequency::float8) AS frequencies,
        array_agg(t.chunk_terms::float8 / ${meanLength}) AS lengths
      FROM asked a CROSS JOIN LATERAL (
        -- One look into the index for each term, whatever the planner knows of a table that has just been filled.
        SELECT x.chunk_id, x.frequency, x.chunk_terms FROM chunk_terms x
        WHERE x.organization_id = ${ctx.organizationId} AND x.chunking_id = ${chunkingId} AND x.term = a.term OFFSET 0) AS t
      GROUP BY a.term, a.weight),
    scored AS MATERIALIZED (
      SELECT h.chunk_id, SUM(p.weight * ln(1 + (${chunks}::float8 - p.df + 0.5) / (p.df + 0.5))
        * h.f * (${k1}::float8 + 1) / (h.f + ${k1}::float8 * (1 - ${b}::float8 + ${b}::float8 * h.length))) AS score
      FROM postings p CROSS JOIN LATERAL unnest(p.ids, p.frequencies, p.lengths) AS h(chunk_id, f, length) GROUP BY h.chunk_id),
    top AS MATERIALIZED (SELECT chunk_id, score FROM scored ORDER BY score DESC, chunk_id LIMIT ${limit}),
    best AS (
      SELECT c.id, c.chunk_key, top.score FROM top JOIN chunks c ON c.organization_id = ${ctx.organizationId} AND c.id = top.chunk_id),
    named AS (
      SELECT c.id, c.chunk_key, (SELECT s.score FROM scored s WHERE s.chunk_id = c.id) AS score FROM chunks c
      WHERE c.organization_id = ${ctx.organizationId} AND c.chunking_id = ${chunkingId} AND c.chunk_key = ANY(${also}::text[])
        AND NOT EXISTS (SELECT 1 FROM top WHERE top.chunk_id = c.id))
    SELECT
      (SELECT COALESCE(json_agg(x), '[]') FROM (SELECT * FROM best UNION ALL SELECT * FROM named) AS x) AS found,
      (SELECT COALESCE(json_object_agg(term, df), '{}') FROM postings) AS holders`.execute(ctx.tx);
  const [row] = rows;
  const found = (row?.found ?? []).toSorted(
    (one, other) => (other.score ?? -1) - (one.score ?? -1) || (one.chunk_key < other.chunk_key ? -1 : 1),
  );
  return { found, holders: new Map(Object.entries(row?.holders ?? {})) };
}

export interface ChunkText {
  id: string;
  chunk_key: string;
  document_id: string;
  title: string;
  body: string;
  start_offset: number;
  end_offset: number;
}

const selectTexts = (ctx: TenantContext) => sql`
  SELECT c.id, c.chunk_key, d.external_id AS document_id, d.title, c.body, c.start_offset, c.end_offset
  FROM chunks c JOIN documents d ON d.organization_id = c.organization_id AND d.id = c.document_id
  WHERE c.organization_id = ${ctx.organizationId}`;

export async function readChunkTexts(ctx: TenantContext, ids: readonly string[]): Promise<ChunkText[]> {
  const { rows } = await sql<ChunkText>`${selectTexts(ctx)} AND c.id = ANY(${ids}::uuid[])`.execute(ctx.tx);
  return rows;
}

/** By the names that retrievals know them by. */
export async function readTextsByKey(
  ctx: TenantContext,
  chunkingId: string,
  keys: readonly string[],
): Promise<ChunkText[]> {
  const { rows } = await sql<ChunkText>`
    ${selectTexts(ctx)} AND c.chunking_id = ${chunkingId} AND c.chunk_key = ANY(${keys}::text[])`.execute(
    ctx.tx,
  );
  return rows;
}
