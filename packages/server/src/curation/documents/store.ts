import { DEFAULT_CHUNKING } from "@agent-learning/learning";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import type { ChunkingSettings, NewChunk } from "./cut-document.ts";

export interface Chunking {
  id: string;
  settings: ChunkingSettings;
}

/** The chunking in use, and no other writer of the agent's index until the transaction ends; made where there is none. */
export async function lockLiveChunking(ctx: TenantContext, agentId: string): Promise<Chunking> {
  await sql`
    INSERT INTO chunkings (organization_id, id, agent_id, status, settings)
    VALUES (${ctx.organizationId}, ${newId()}, ${agentId}, 'live', ${json(DEFAULT_CHUNKING)})
    ON CONFLICT (organization_id, agent_id) WHERE status = 'live' DO NOTHING`.execute(ctx.tx);
  const { rows } = await sql<Chunking>`
    SELECT id, settings FROM chunkings WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId} AND status = 'live'
    FOR UPDATE`.execute(ctx.tx);
  const [chunking] = rows;
  if (chunking === undefined) throw new Error("the chunking that was just made is not there");
  return chunking;
}

/** All that documents are cut for, the live one first; no other writer of the agent's index until the transaction ends. */
export async function lockChunkings(ctx: TenantContext, agentId: string): Promise<[Chunking, ...Chunking[]]> {
  const live = await lockLiveChunking(ctx, agentId);
  const { rows } = await sql<Chunking>`
    SELECT id, settings FROM chunkings WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
      AND status IN ('building', 'ready') ORDER BY id`.execute(ctx.tx);
  return [live, ...rows];
}

export interface StoredDocument {
  id: string;
  metadata: unknown;
  external_id: string;
  content_hash: string;
  chunks: number;
}

/** Those of these documents that are there, with the number of their chunks. */
export async function readDocuments(
  ctx: TenantContext,
  agentId: string,
  chunkingId: string,
  externalIds: readonly string[],
): Promise<StoredDocument[]> {
  const { rows } = await sql<StoredDocument>`
    SELECT d.id, d.external_id, d.content_hash, d.metadata, (SELECT COUNT(*)::int FROM chunks c
      WHERE c.organization_id = d.organization_id AND c.document_id = d.id AND c.chunking_id = ${chunkingId}) AS chunks
    FROM documents d WHERE d.organization_id = ${ctx.organizationId} AND d.agent_id = ${agentId}
      AND d.external_id = ANY(${externalIds}::text[])`.execute(ctx.tx);
  return rows;
}

/** Stores a document, or what has become of it. @returns its id */
export async function writeDocument(
  ctx: TenantContext,
  agentId: string,
  document: { externalId: string; title: string; body: string; contentHash: string; metadata: object },
): Promise<string> {
  const { externalId, title, body, contentHash, metadata } = document;
  const { rows } = await sql<{ id: string }>`
    INSERT INTO documents (organization_id, id, agent_id, external_id, title, body, content_hash, metadata)
    VALUES (${ctx.organizationId}, ${newId()}, ${agentId}, ${externalId}, ${title}, ${body}, ${contentHash}, ${json(metadata)})
    ON CONFLICT (organization_id, agent_id, external_id) DO UPDATE SET title = EXCLUDED.title, body = EXCLUDED.body,
      content_hash = EXCLUDED.content_hash, metadata = EXCLUDED.metadata, updated_at = learning_now()
    RETURNING id`.execute(ctx.tx);
  return rows[0]?.id ?? "";
}

/** Counts of a chunking after chunks came or went. */
async function countChunks(
  ctx: TenantContext,
  chunkingId: string,
  change: { chunks: number; terms: number },
): Promise<void> {
  await sql`UPDATE chunkings SET chunk_count = chunk_count + ${change.chunks}, term_count = term_count + ${change.terms},
      embedding_due = embedding_due OR ${change.chunks > 0}::boolean, embedding_revision = embedding_revision + ${change.chunks < 0 ? 1 : 0}
    WHERE organization_id = ${ctx.organizationId} AND id = ${chunkingId}`.execute(ctx.tx);
}

/** Deletes a document's chunks but those that are kept, with their postings. */
async function deleteChunks(
  ctx: TenantContext,
  chunkingId: string,
  documentId: string,
  kept: readonly string[],
): Promise<void> {
  const { rows } = await sql<{ term_count: number }>`
    WITH gone AS (
      SELECT id FROM chunks WHERE organization_id = ${ctx.organizationId} AND document_id = ${documentId} AND chunking_id = ${chunkingId}
        AND NOT chunk_key = ANY(${kept}::text[])),
    postings AS (
      DELETE FROM chunk_terms t USING gone WHERE t.organization_id = ${ctx.organizationId} AND t.chunk_id = gone.id)
    DELETE FROM chunks c USING gone WHERE c.organization_id = ${ctx.organizationId} AND c.id = gone.id RETURNING c.term_count`.execute(
    ctx.tx,
  );
  if (rows.length === 0) return;
  const terms = rows.reduce((sum, row) => sum + row.term_count, 0);
  await countChunks(ctx, chunkingId, { chunks: -rows.length, terms: -terms });
}

/** Makes a document's chunks these: those of the same name stay as they are, but for their place. */
export async function writeChunks(
  ctx: TenantContext,
  chunkingId: string,
  documentId: string,
  chunks: readonly NewChunk[],
): Promise<void> {
  await deleteChunks(
    ctx,
    chunkingId,
    documentId,
    chunks.map((chunk) => chunk.chunk_key),
  );
  const rows = chunks.map(({ terms: _terms, ...chunk }) => ({ id: newId(), ...chunk }));
  const { rows: written } = await sql<{ id: string; chunk_key: string; is_new: boolean }>`
    INSERT INTO chunks (organization_id, chunking_id, document_id, id, chunk_key, position, start_offset, end_offset, body, term_count)
    SELECT ${ctx.organizationId}::uuid, ${chunkingId}::uuid, ${documentId}::uuid, c.* FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS c(id uuid, chunk_key text, position int, start_offset int, end_offset int, body text, term_count int)
    ON CONFLICT (organization_id, chunking_id, chunk_key) DO UPDATE SET position = EXCLUDED.position,
      start_offset = EXCLUDED.start_offset, end_offset = EXCLUDED.end_offset
    RETURNING id, chunk_key, xmax = 0 AS is_new`.execute(ctx.tx);
  const byKey = new Map(chunks.map((chunk) => [chunk.chunk_key, chunk]));
  const added = written.filter((row) => row.is_new);
  const postings = added.flatMap(({ id, chunk_key: key }) => {
    const chunk = byKey.get(key);
    return Object.entries(chunk?.terms ?? {}).map(([term, frequency]) => ({
      term,
      chunk_id: id,
      frequency,
      chunk_terms: chunk?.term_count ?? 0,
    }));
  });
  await sql`
    INSERT INTO chunk_terms (organization_id, chunking_id, term, chunk_id, frequency, chunk_terms)
    SELECT ${ctx.organizationId}::uuid, ${chunkingId}::uuid, p.* FROM json_to_recordset(${JSON.stringify(postings)}::json)
      AS p(term text, chunk_id uuid, frequency int, chunk_terms int)`.execute(ctx.tx);
  const terms = added.reduce((sum, { chunk_key: key }) => sum + (byKey.get(key)?.term_count ?? 0), 0);
  await countChunks(ctx, chunkingId, { chunks: added.length, terms });
}

/** @returns false where there is no such document */
export async function removeDocument(
  ctx: TenantContext,
  agentId: string,
  chunkings: readonly [Chunking, ...Chunking[]],
  externalId: string,
): Promise<boolean> {
  const [document] = await readDocuments(ctx, agentId, chunkings[0].id, [externalId]);
  if (document === undefined) return false;
  for (const { id } of chunkings) await deleteChunks(ctx, id, document.id, []);
  await sql`DELETE FROM documents WHERE organization_id = ${ctx.organizationId} AND id = ${document.id}`.execute(
    ctx.tx,
  );
  return true;
}

export interface DocumentRow {
  id: string;
  external_id: string;
  title: string;
  metadata: unknown;
  chunks: number;
  created_at: Date;
  updated_at: Date;
}

/** Newest first; ids are UUIDv7. */
export async function readDocumentPage(
  ctx: TenantContext,
  { agentId, beforeId, limit }: { agentId: string; beforeId: string | undefined; limit: number },
): Promise<DocumentRow[]> {
  const { rows } = await sql<DocumentRow>`
    SELECT d.id, d.external_id, d.title, d.metadata, d.created_at, d.updated_at,
      (SELECT COUNT(*)::int FROM chunks c JOIN chunkings k ON k.organization_id = c.organization_id AND k.id = c.chunking_id
        WHERE c.organization_id = d.organization_id AND c.document_id = d.id AND k.status = 'live') AS chunks
    FROM documents d WHERE d.organization_id = ${ctx.organizationId} AND d.agent_id = ${agentId}
      ${beforeId === undefined ? sql`` : sql`AND d.id < ${beforeId}`}
    ORDER BY d.id DESC LIMIT ${limit}`.execute(ctx.tx);
  return rows;
}
