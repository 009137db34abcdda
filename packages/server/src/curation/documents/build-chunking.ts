import type { Context } from "../../context.ts";
import { cutDocument, type ChunkingSettings, settingsOf } from "./cut-document.ts";
import {
  dropSomeChunks,
  openChunking,
  readDocumentsAfter,
  readUnusedChunkings,
  setChunkingStatus,
} from "./chunking-store.ts";
import { embedChunking } from "./embed-chunks.ts";
import { lockChunkings, writeChunks } from "./store.ts";

export {
  hasOtherChunkings,
  mapChunkNames,
  readBodies,
  readChunking,
  readDocumentsAfter,
  readSuccessors,
  type StoredBody,
} from "./chunking-store.ts";

/** Writers of documents wait no longer than these take to cut. */
const DOCUMENTS_AT_ONCE = 20;
const CHUNKS_AT_ONCE = 2_000;
const FIRST = "00000000-0000-0000-0000-000000000000";

/**
 * Cuts all documents of an agent in another way, beside the live index, which nobody sees until a version names it. Documents that come or
 * change meanwhile are cut for both. Taken up again where it was left by another worker.
 * @returns the chunking's id and its chunks
 */
export async function buildChunking({
  ctx,
  agentId,
  trainingRunId,
  settings,
  signal,
  onProgress,
}: {
  ctx: Context;
  agentId: string;
  trainingRunId: string;
  settings: ChunkingSettings;
  signal: AbortSignal;
  onProgress: (documents: number) => Promise<void>;
}): Promise<{ id: string; chunks: number }> {
  const chunkingId = await ctx.transact(async (tenant) => {
    await lockChunkings(tenant, agentId);
    return openChunking(tenant, agentId, trainingRunId, settings);
  });
  let done = 0;
  for (let after = FIRST; ;) {
    signal.throwIfAborted();
    const documents = await ctx.transact(async (tenant) => {
      await lockChunkings(tenant, agentId);
      const page = await readDocumentsAfter(tenant, { agentId, after, limit: DOCUMENTS_AT_ONCE });
      for (const { id, metadata, ...document } of page)
        await writeChunks(tenant, chunkingId, id, cutDocument(document, settingsOf(settings, metadata)));
      return page;
    });
    const last = documents.at(-1);
    if (last === undefined) break;
    after = last.id;
    done += documents.length;
    await onProgress(done);
  }
  await embedChunking(ctx, chunkingId, signal);
  const chunks = await ctx.transact((tenant) => setChunkingStatus(tenant, chunkingId, "ready"));
  return { id: chunkingId, chunks };
}

/** Empties chunkings that nobody will go back to: of runs that ended without one, and of old ones that nothing serves by. */
export async function retireChunkings(
  ctx: Context,
  agentId: string,
  kept: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const chunkingId of await ctx.transact((tenant) => readUnusedChunkings(tenant, agentId, kept))) {
    await ctx.transact(async (tenant) => {
      await lockChunkings(tenant, agentId);
      await setChunkingStatus(tenant, chunkingId, "retired");
    });
    for (let more = true; more;) {
      signal.throwIfAborted();
      more = (await ctx.transact((tenant) => dropSomeChunks(tenant, chunkingId, CHUNKS_AT_ONCE))) > 0;
    }
  }
}
