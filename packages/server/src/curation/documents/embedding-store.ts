import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

export interface UnembeddedChunk {
  id: string;
  title: string;
  body: string;
}

/** Takes up what is due of one of an agent's chunkings in use: from now on only what comes later is. Undefined where there is none. */
export async function takeEmbeddingWork(
  ctx: TenantContext,
  agentId: string,
  embedder: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    UPDATE chunkings SET embedding_due = false, embedder = ${embedder}
    WHERE organization_id = ${ctx.organizationId} AND id = (SELECT k.id FROM chunkings k
      WHERE k.organization_id = ${ctx.organizationId} AND k.agent_id = ${agentId} AND k.status IN ('live', 'ready') AND k.chunk_count > 0
        AND (k.embedding_due OR k.embedder IS DISTINCT FROM ${embedder}) ORDER BY k.status, k.id LIMIT 1)
    RETURNING id`.execute(ctx.tx);
  return rows[0]?.id;
}

/** As `takeEmbeddingWork`, of one that is being built. */
export async function takeChunking(ctx: TenantContext, chunkingId: string, embedder: string): Promise<void> {
  await sql`UPDATE chunkings SET embedding_due = false, embedder = ${embedder}
    WHERE organization_id = ${ctx.organizationId} AND id = ${chunkingId}`.execute(ctx.tx);
}

/** What was taken up was not done. */
export async function leaveEmbeddingWork(ctx: TenantContext, chunkingId: string): Promise<void> {
  await sql`UPDATE chunkings SET embedding_due = true
    WHERE organization_id = ${ctx.organizationId} AND id = ${chunkingId}`.execute(ctx.tx);
}

/** Agents with chunks that this embedder has not seen. */
export async function readAgentsToEmbed(ctx: TenantContext, embedder: string): Promise<string[]> {
  const { rows } = await sql<{ agent_id: string }>`
    SELECT DISTINCT agent_id FROM chunkings
    WHERE organization_id = ${ctx.organizationId} AND status IN ('live', 'ready') AND chunk_count > 0
      AND (embedding_due OR embedder IS DISTINCT FROM ${embedder}) ORDER BY agent_id`.execute(ctx.tx);
  return rows.map((row) => row.agent_id);
}

/** Chunks after `after` without a vector of this embedder, in the order of their ids. */
export async function readUnembedded(
  ctx: TenantContext,
  {
    chunkingId,
    embedder,
    after,
    limit,
  }: { chunkingId: string; embedder: string; after: string; limit: number },
): Promise<UnembeddedChunk[]> {
  const { rows } = await sql<UnembeddedChunk>`
    SELECT c.id, d.title, c.body FROM chunks c
    JOIN documents d ON d.organization_id = c.organization_id AND d.id = c.document_id
    LEFT JOIN chunk_embeddings e ON e.organization_id = c.organization_id AND e.chunking_id = c.chunking_id AND e.chunk_id = c.id
      AND e.embedder = ${embedder}
    WHERE c.organization_id = ${ctx.organizationId} AND c.chunking_id = ${chunkingId} AND c.id > ${after} AND e.chunk_id IS NULL
    ORDER BY c.id LIMIT ${limit}`.execute(ctx.tx);
  return rows;
}

/** Stores vectors; those of chunks that went meanwhile are let go. */
export async function writeEmbeddings(
  ctx: TenantContext,
  { chunkingId, embedder }: { chunkingId: string; embedder: string },
  vectors: readonly { id: string; vector: Buffer }[],
): Promise<void> {
  const rows = vectors.map(({ id, vector }) => ({ id, vector: vector.toString("hex") }));
  await sql`
    WITH input AS (SELECT id, decode(vector, 'hex') AS vector FROM json_to_recordset(${JSON.stringify(rows)}::json) AS i(id uuid, vector text)),
    alive AS (SELECT i.* FROM input i JOIN chunks c ON c.organization_id = ${ctx.organizationId} AND c.id = i.id FOR KEY SHARE OF c),
    written AS (
      INSERT INTO chunk_embeddings (organization_id, chunking_id, chunk_id, embedder, vector)
      SELECT ${ctx.organizationId}::uuid, ${chunkingId}::uuid, id, ${embedder}, vector FROM alive
      ON CONFLICT (organization_id, chunking_id, chunk_id) DO UPDATE SET embedder = EXCLUDED.embedder, vector = EXCLUDED.vector)
    UPDATE chunkings SET embedding_revision = embedding_revision + 1
    WHERE organization_id = ${ctx.organizationId} AND id = ${chunkingId}`.execute(ctx.tx);
}

/** Vectors after `after`, in the order of their chunks' ids. */
export async function readEmbeddings(
  ctx: TenantContext,
  {
    chunkingId,
    embedder,
    after,
    limit,
  }: { chunkingId: string; embedder: string; after: string; limit: number },
): Promise<{ id: string; chunk_key: string; vector: Uint8Array }[]> {
  const { rows } = await sql<{ id: string; chunk_key: string; vector: Uint8Array }>`
    SELECT c.id, c.chunk_key, e.vector FROM chunk_embeddings e
    JOIN chunks c ON c.organization_id = e.organization_id AND c.id = e.chunk_id
    WHERE e.organization_id = ${ctx.organizationId} AND e.chunking_id = ${chunkingId} AND e.chunk_id > ${after}
      AND e.embedder = ${embedder} ORDER BY e.chunk_id LIMIT ${limit}`.execute(ctx.tx);
  return rows;
}
