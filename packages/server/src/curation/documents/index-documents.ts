import type { IndexDocument, IndexedDocuments } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { notFound } from "../../http/index.ts";
import { cutDocument, documentHash, settingsOf } from "./cut-document.ts";
import { EMBEDDING_JOB } from "./embed-chunks.ts";
import { lockChunkings, readDocuments, removeDocument, writeChunks, writeDocument } from "./store.ts";

/**
 * Takes documents in, or what has become of them. What has not changed is left alone; of what has, the chunks that say the same keep their
 * names and with them what was learned of them. Searches see all of it or nothing.
 */
export async function indexDocuments({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agent: string; documents: readonly IndexDocument[] };
}): Promise<IndexedDocuments> {
  const { id: agentId } = await findAgent(ctx, input.agent, "path.agentId");
  const chunkings = await lockChunkings(ctx, agentId);
  const [live] = chunkings;
  const names = input.documents.map((document) => document.document_id);
  const stored = await readDocuments(ctx, agentId, live.id, names);
  const known = new Map(stored.map((document) => [document.external_id, document]));
  const documents: IndexedDocuments["documents"] = [];
  for (const { document_id: externalId, title, text: body, metadata } of input.documents) {
    const before = known.get(externalId);
    const contentHash = documentHash(title, body);
    // Of another group it may be cut in another way, though its words are the same.
    const isSame =
      before?.content_hash === contentHash &&
      chunkings.every(({ settings }) => {
        const [own, old] = [settingsOf(settings, metadata), settingsOf(settings, before.metadata)];
        return own.size === old.size && own.overlap === old.overlap;
      });
    // What is said about it may have changed though its words have not.
    const id = await writeDocument(ctx, agentId, { externalId, title, body, contentHash, metadata });
    if (isSame) {
      documents.push({ document_id: externalId, status: "unchanged", chunks: before.chunks });
      continue;
    }
    let count = 0;
    for (const { id: chunkingId, settings } of chunkings) {
      const chunks = cutDocument({ external_id: externalId, title, body }, settingsOf(settings, metadata));
      await writeChunks(ctx, chunkingId, id, chunks);
      if (chunkingId === live.id) count = chunks.length;
    }
    const status = before === undefined ? "created" : "updated";
    documents.push({ document_id: externalId, status, chunks: count });
  }
  if (ctx.services.embedders.configured)
    await ctx.services.jobs.enqueue(ctx, EMBEDDING_JOB, { agentId }, { singletonKey: agentId });
  const changed = documents.filter(({ status }) => status !== "unchanged").length;
  await writeAudit(ctx, {
    action: "documents.indexed",
    entityType: "agent",
    entityId: agentId,
    data: { documents: documents.length, changed },
  });
  return { documents };
}

/** Takes a document out of the index. Feedback about its chunks stays. @throws ProblemError not-found */
export async function deleteDocument({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agent: string; documentId: string };
}): Promise<void> {
  const { id: agentId } = await findAgent(ctx, input.agent, "path.agentId");
  const chunkings = await lockChunkings(ctx, agentId);
  if (!(await removeDocument(ctx, agentId, chunkings, input.documentId)))
    throw notFound("document", input.documentId, "path.documentId");
  await writeAudit(ctx, { action: "documents.deleted", entityType: "agent", entityId: agentId, data: {} });
}
