import { type RawBuilder, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { countHolders } from "./count-holders.ts";
import { MOST_OF_ONE, planReading, READ_ROWS, type SoughtTerm } from "./plan-reading.ts";

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
  /** null: asked for by name, and none of the terms is in it. */
  score: number | null;
}

/** Candidates of which frequent terms are looked up, at least. */
const COMPLETED = 400;

/** How many of a term's chunks there are of all, as BM25 weighs it. */
const rarity = (holders: number, chunks: number): number =>
  Math.log(1 + (chunks - holders + 0.5) / (holders + 0.5));

/**
 * The `limit` best chunks by BM25 (the formula of `createBm25Index`), best first, ties in the order of their making; those named in `also` with whatever they
 * score, and in how many chunks each term is. Where the terms are in more than some twenty thousand chunks together, candidates are the
 * chunks of the rarer ones; scores are whole all the same.
 */
export async function searchIndex(
  ctx: TenantContext,
  index: LiveIndex,
  terms: readonly WeightedTerm[],
  limit: number,
  also: readonly string[] = [],
  room: number = READ_ROWS,
): Promise<{ found: FoundChunk[]; holders: Map<string, number> }> {
  const { chunkingId, chunks, meanLength } = index;
  const { k1, b } = BM25;
  const holders = await countHolders(
    ctx,
    index,
    terms.map(({ term }) => term),
  );
  const sought = terms.map(({ term, weight }): SoughtTerm => {
    const own = holders.get(term) ?? 0;
    return { term, gain: weight * rarity(own, chunks), holders: own };
  });
  const { read, lookUp } = planReading(sought, room);
  const completed = lookUp.length === 0 ? limit : Math.max(COMPLETED, 2 * limit);
  // NULL is no limit.
  const ofOne = Number.isFinite(room) ? Math.max(room, MOST_OF_ONE) : null;
  const gainOf = (frequency: RawBuilder<unknown>, length: RawBuilder<unknown>) =>
    sql`${frequency}::float8 * ${k1 + 1}::float8 / (${frequency}::float8 + ${k1 * (1 - b)}::float8 + ${(k1 * b) / meanLength}::float8 * ${length}::float8)`;
  const asked = (list: readonly SoughtTerm[]) =>
    sql`json_to_recordset(${JSON.stringify(list)}::json) AS a(term text, gain float8, holders float8)`;
  const scoreOf = (list: readonly SoughtTerm[], chunk: RawBuilder<unknown>) => sql`
    SELECT SUM(a.gain * ${gainOf(sql`x.frequency`, sql`x.chunk_terms`)}) FROM ${asked(list)} CROSS JOIN LATERAL (
      SELECT t.frequency, t.chunk_terms FROM chunk_terms t WHERE t.organization_id = ${ctx.organizationId}
        AND t.chunking_id = ${chunkingId} AND t.term = a.term AND t.chunk_id = ${chunk} OFFSET 0) AS x`;
  const { rows: found } = await sql<FoundChunk>`
    WITH scored AS MATERIALIZED (
      SELECT t.chunk_id, SUM(a.gain * ${gainOf(sql`t.frequency`, sql`t.chunk_terms`)}) AS score
      FROM ${asked(read)} CROSS JOIN LATERAL (
        -- One look into the index for each term, whatever the planner knows of a table that has just been filled.
        SELECT x.chunk_id, x.frequency, x.chunk_terms FROM chunk_terms x
        WHERE x.organization_id = ${ctx.organizationId} AND x.chunking_id = ${chunkingId} AND x.term = a.term LIMIT ${ofOne}) AS t
      GROUP BY t.chunk_id),
    first AS MATERIALIZED (SELECT chunk_id, score FROM scored ORDER BY score DESC, chunk_id LIMIT ${completed}),
    whole AS MATERIALIZED (
      SELECT f.chunk_id, f.score ${lookUp.length === 0 ? sql`` : sql`+ COALESCE((${scoreOf(lookUp, sql`f.chunk_id`)}), 0)`} AS score FROM first f),
    top AS MATERIALIZED (SELECT chunk_id, score FROM whole ORDER BY score DESC, chunk_id LIMIT ${limit})
    SELECT c.id, c.chunk_key, top.score FROM top JOIN chunks c ON c.organization_id = ${ctx.organizationId} AND c.id = top.chunk_id
    UNION ALL
    SELECT c.id, c.chunk_key, (${scoreOf([...read, ...lookUp], sql`c.id`)}) AS score FROM chunks c
    WHERE c.organization_id = ${ctx.organizationId} AND c.chunking_id = ${chunkingId} AND c.chunk_key = ANY(${also}::text[])
      AND NOT EXISTS (SELECT 1 FROM top WHERE top.chunk_id = c.id)`.execute(ctx.tx);
  return {
    found: found.toSorted(
      (one, other) => (other.score ?? -1) - (one.score ?? -1) || (one.chunk_key < other.chunk_key ? -1 : 1),
    ),
    holders,
  };
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
