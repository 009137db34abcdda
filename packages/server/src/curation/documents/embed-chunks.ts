import type { Embedder } from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import { systemContext } from "../../create-context.ts";
import type { JobDefinition, ScheduleDefinition } from "../../jobs/job-queue.ts";
import {
  leaveEmbeddingWork,
  readAgentsToEmbed,
  readUnembedded,
  takeChunking,
  takeEmbeddingWork,
  writeEmbeddings,
} from "./embedding-store.ts";
import { packVector } from "./vectors.ts";

export const EMBEDDING_JOB = "documents-embed";
const AT_ONCE = 64;
const FIRST = "00000000-0000-0000-0000-000000000000";

/** Embeds what of an agent's chunkings in use has no vector of the configured embedder. Again after a failure: what is stored stays. */
export async function embedChunks({
  ctx,
  agentId,
  signal,
}: {
  ctx: Context;
  agentId: string;
  signal: AbortSignal;
}): Promise<void> {
  const embedder = await ctx.services.embedders.load();
  if (embedder === undefined) return;
  for (;;) {
    const chunkingId = await ctx.transact((tenant) => takeEmbeddingWork(tenant, agentId, embedder.name));
    if (chunkingId === undefined) return;
    await embedTaken(ctx, chunkingId, embedder, signal);
  }
}

/** The same for a chunking that is being built. Nothing, where no embedder is configured. */
export async function embedChunking(ctx: Context, chunkingId: string, signal: AbortSignal): Promise<void> {
  const embedder = await ctx.services.embedders.load();
  if (embedder === undefined) return;
  await ctx.transact((tenant) => takeChunking(tenant, chunkingId, embedder.name));
  await embedTaken(ctx, chunkingId, embedder, signal);
}

async function embedTaken(
  ctx: Context,
  chunkingId: string,
  embedder: Embedder,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (let after = FIRST; ;) {
      signal.throwIfAborted();
      const place = { chunkingId, embedder: embedder.name, after, limit: AT_ONCE };
      const chunks = await ctx.transact((tenant) => readUnembedded(tenant, place));
      if (chunks.length === 0) return;
      // No transaction is open while the endpoint thinks.
      const vectors = await embedder.embed(
        chunks.map(({ title, body }) => (title === "" ? body : `${title}\n${body}`)),
        { signal },
      );
      const packed = chunks.map(({ id }, index) => ({ id, vector: packVector(vectors[index] ?? []) }));
      await ctx.transact((tenant) => writeEmbeddings(tenant, place, packed));
      after = chunks.at(-1)?.id ?? after;
    }
  } catch (error) {
    await ctx.transact((tenant) => leaveEmbeddingWork(tenant, chunkingId));
    throw error;
  }
}

export const embeddingJob: JobDefinition = {
  name: EMBEDDING_JOB,
  expireSeconds: 3_600,
  retryLimit: 3,
  concurrency: 1,
  run: ({ ctx, data, signal }) => embedChunks({ ctx, agentId: String(data["agentId"]), signal }),
};

/** Finds what is due: after documents came, after another embedder was configured, after a failure. */
export const embeddingSchedule: ScheduleDefinition = {
  name: "documents-embed",
  everySeconds: 30,
  sweep: async (services, organizationId) => {
    if (!services.embedders.configured) return;
    const ctx = systemContext(services, organizationId, "embed-documents");
    const embedder = await services.embedders.load();
    if (embedder === undefined) return;
    await ctx.transact(async (tenant) => {
      for (const agentId of await readAgentsToEmbed(tenant, embedder.name))
        await services.jobs.enqueue(tenant, EMBEDDING_JOB, { agentId }, { singletonKey: agentId });
    });
  },
};
