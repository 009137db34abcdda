import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import type { ChunkingSettings } from "./cut-document.ts";

/** The chunking that a run builds; made where there is none. */
export async function openChunking(
  ctx: TenantContext,
  agentId: string,
  trainingRunId: string,
  settings: ChunkingSettings,
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    INSERT INTO chunkings (organization_id, id, agent_id, status, settings, training_run_id)
    VALUES (${ctx.organizationId}, ${newId()}, ${agentId}, 'building', ${json(settings)}, ${trainingRunId})
    ON CONFLICT (organization_id, training_run_id) DO UPDATE SET training_run_id = EXCLUDED.training_run_id
    RETURNING id`.execute(ctx.tx);
  const [row] = rows;
  if (row === undefined) throw new Error("the chunking that was just made is not there");
  return row.id;
}

/** @returns its chunks */
export async function setChunkingStatus(
  ctx: TenantContext,
  chunkingId: string,
  status: "ready" | "retired",
): Promise<number> {
  const { rows } = await sql<{ chunks: number }>`
    UPDATE chunkings SET status = ${status} WHERE organization_id = ${ctx.organizationId} AND id = ${chunkingId}
    RETURNING chunk_count::float8 AS chunks`.execute(ctx.tx);
  return rows[0]?.chunks ?? 0;
}

export interface StoredBody {
  id: string;
  external_id: string;
  title: string;
  body: string;
  metadata: unknown;
}

/** Documents in the order of their making. */
export async function readDocumentsAfter(
  ctx: TenantContext,
  { agentId, after, limit }: { agentId: string; after: string; limit: number },
): Promise<StoredBody[]> {
  const { rows } = await sql<StoredBody>`
    SELECT id, external_id, title, body, metadata FROM documents
    WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId} AND id > ${after} ORDER BY id LIMIT ${limit}`.execute(
    ctx.tx,
  );
  return rows;
}

/** Those of these names that are there. */
export async function readBodies(
  ctx: TenantContext,
  agentId: string,
  names: readonly string[],
): Promise<StoredBody[]> {
  const { rows } = await sql<StoredBody>`
    SELECT id, external_id, title, body, metadata FROM documents
    WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId} AND external_id = ANY(${names}::text[])`.execute(
    ctx.tx,
  );
  return rows;
}

/** Ready ones that are neither kept nor among the two newest, and those of runs that came to an end without one. */
export async function readUnusedChunkings(
  ctx: TenantContext,
  agentId: string,
  kept: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT k.id FROM chunkings k LEFT JOIN training_runs r ON r.organization_id = k.organization_id AND r.id = k.training_run_id
    WHERE k.organization_id = ${ctx.organizationId} AND k.agent_id = ${agentId} AND NOT k.id = ANY(${kept}::uuid[])
      AND ((k.status = 'building' AND r.status NOT IN ('pending', 'running'))
        OR (k.status = 'ready' AND r.status NOT IN ('pending', 'running') AND k.id NOT IN (SELECT n.id FROM chunkings n
          WHERE n.organization_id = k.organization_id AND n.agent_id = k.agent_id AND n.status = 'ready' ORDER BY n.id DESC LIMIT 2)))`.execute(
    ctx.tx,
  );
  return rows.map(({ id }) => id);
}

/** Deletes up to `limit` chunks of a retired chunking with their postings. @returns how many */
export async function dropSomeChunks(ctx: TenantContext, chunkingId: string, limit: number): Promise<number> {
  const { rows } = await sql<{ gone: number }>`
    WITH gone AS (SELECT id FROM chunks WHERE organization_id = ${ctx.organizationId} AND chunking_id = ${chunkingId} LIMIT ${limit}),
    postings AS (DELETE FROM chunk_terms t USING gone WHERE t.organization_id = ${ctx.organizationId} AND t.chunk_id = gone.id),
    deleted AS (DELETE FROM chunks c USING gone WHERE c.organization_id = ${ctx.organizationId} AND c.id = gone.id)
    SELECT COUNT(*)::int AS gone FROM gone`.execute(ctx.tx);
  return rows[0]?.gone ?? 0;
}

/** For chunks of one chunking the chunk of another that holds most of the same text; those whose document is gone are left out. */
export async function mapChunkNames(
  ctx: TenantContext,
  { from, to }: { from: string; to: string },
  names: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ old: string; own: string }>`
    SELECT o.chunk_key AS old, n.chunk_key AS own FROM chunks o CROSS JOIN LATERAL (
      SELECT c.chunk_key FROM chunks c WHERE c.organization_id = o.organization_id AND c.document_id = o.document_id
        AND c.chunking_id = ${to} AND c.start_offset < o.end_offset AND c.end_offset > o.start_offset
      ORDER BY LEAST(c.end_offset, o.end_offset) - GREATEST(c.start_offset, o.start_offset) DESC, c.start_offset LIMIT 1) AS n
    WHERE o.organization_id = ${ctx.organizationId} AND o.chunking_id = ${from} AND o.chunk_key = ANY(${names}::text[])`.execute(
    ctx.tx,
  );
  return new Map(rows.map(({ old, own }) => [old, own]));
}

/**
 * For chunks that this chunking does not have and another one of the agent does: its chunks that hold some of their text, the one that holds
 * most first, each with its share of it and the share of its own text that it has from there.
 */
export async function readSuccessors(
  ctx: TenantContext,
  { agentId, to }: { agentId: string; to: string },
  names: readonly string[],
): Promise<Map<string, { chunk: string; share: number; inside: number }[]>> {
  const { rows } = await sql<{ old: string; chunk: string; share: number; inside: number }>`
    SELECT o.chunk_key AS old, n.chunk_key AS chunk, n.share::float8 AS share, n.inside::float8 AS inside FROM (
      SELECT DISTINCT ON (c.chunk_key) c.* FROM chunks c JOIN chunkings k ON k.organization_id = c.organization_id AND k.id = c.chunking_id
      WHERE c.organization_id = ${ctx.organizationId} AND k.agent_id = ${agentId} AND c.chunking_id <> ${to} AND c.chunk_key = ANY(${names}::text[])
        AND NOT EXISTS (SELECT 1 FROM chunks s WHERE s.organization_id = c.organization_id AND s.chunking_id = ${to} AND s.chunk_key = c.chunk_key)
      ORDER BY c.chunk_key, c.chunking_id DESC) AS o
    CROSS JOIN LATERAL (
      SELECT c.chunk_key, common.characters / (o.end_offset - o.start_offset) AS share, common.characters / (c.end_offset - c.start_offset) AS inside
      FROM chunks c CROSS JOIN LATERAL (SELECT (LEAST(c.end_offset, o.end_offset) - GREATEST(c.start_offset, o.start_offset))::numeric AS characters) AS common
      WHERE c.organization_id = o.organization_id AND c.document_id = o.document_id AND c.chunking_id = ${to}
        AND c.start_offset < o.end_offset AND c.end_offset > o.start_offset) AS n
    ORDER BY o.chunk_key, n.share DESC, n.chunk_key`.execute(ctx.tx);
  const found = new Map<string, { chunk: string; share: number; inside: number }[]>();
  for (const { old, ...successor } of rows) {
    const list = found.get(old);
    if (list === undefined) found.set(old, [successor]);
    else list.push(successor);
  }
  return found;
}

/** Whether the agent has chunks of another chunking than this one. */
export async function hasOtherChunkings(ctx: TenantContext, agentId: string, than: string): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`
    SELECT EXISTS (SELECT 1 FROM chunkings WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
      AND id <> ${than} AND chunk_count > 0) AS is`.execute(ctx.tx);
  return rows[0]?.is ?? false;
}

/** How a chunking cuts. */
export async function readChunking(ctx: TenantContext, chunkingId: string): Promise<ChunkingSettings> {
  const { rows } = await sql<{ settings: ChunkingSettings }>`
    SELECT settings FROM chunkings WHERE organization_id = ${ctx.organizationId} AND id = ${chunkingId}`.execute(
    ctx.tx,
  );
  const [row] = rows;
  if (row === undefined) throw new Error("the chunking is not there");
  return row.settings;
}
