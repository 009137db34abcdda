import {
  createReranker,
  IDENTITY_RETRIEVAL,
  learnQueryExpansion,
  type OrderChange,
  type QueryExpansion,
  rankingGate,
  type SuccessfulQuery,
} from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import { type LiveIndex, readIndex, readTextsByKey, searchChunks } from "../../curation/documents/index.ts";
import { type Learned, type Lesson, toGateQuery } from "./lesson.ts";

const TEXTS_AT_ONCE = 500;
const CANDIDATES = 100;

/** Queries with the words of the chunks that answered them. */
async function readSuccesses(
  ctx: Context,
  index: LiveIndex,
  known: Lesson["known"],
  signal: AbortSignal,
): Promise<SuccessfulQuery[]> {
  const successes: SuccessfulQuery[] = [];
  for (let start = 0; start < known.length; start += TEXTS_AT_ONCE) {
    signal.throwIfAborted();
    const part = known.slice(start, start + TEXTS_AT_ONCE);
    const keys = [...new Set(part.flatMap(({ grades }) => [...grades.keys()]))];
    const texts = await ctx.transact((tenant) => readTextsByKey(tenant, index.chunkingId, keys));
    const byKey = new Map(texts.map(({ chunk_key: key, body }) => [key, body]));
    for (const { query, grades } of part) {
      for (const key of grades.keys()) {
        const text = byKey.get(key);
        if (text !== undefined) successes.push({ query, text });
      }
    }
  }
  return successes;
}

/**
 * Learns what users' words are called in the agent's documents, and searches the held-out queries with it and without. Only for documents
 * that are indexed here.
 */
export async function learnExpansion(lesson: Lesson): Promise<Learned> {
  const { ctx, handle, chunkingId, known, heldOut, before, settings, signal } = lesson;
  const index = await ctx.transact((tenant) => readIndex(tenant, handle.row.agent_id, chunkingId));
  if (index === undefined || index.chunks === 0)
    return { reasons: ["The agent has no documents here whose words could be learned: index them first."] };
  const expansion = learnQueryExpansion(await readSuccesses(ctx, index, known, signal));
  if (Object.keys(expansion.terms).length === 0)
    return {
      reasons: [
        "No word of a query goes with a word of the chunks that answer it, other than itself, often enough.",
      ],
    };
  const reranker = createReranker(before ?? IDENTITY_RETRIEVAL);
  const find = async (query: string, added: QueryExpansion | undefined): Promise<string[]> => {
    const found = await ctx.transact((tenant) =>
      searchChunks(tenant, index, query, { limit: CANDIDATES, expansion: added }),
    );
    const candidates = found.map(({ key, score, match }) => ({ chunk: key, score, match }));
    return reranker.rerank(query, candidates).map(({ chunk }) => chunk);
  };
  const chunks = new Set(known.flatMap(({ grades }) => [...grades.keys()]));
  const orders: OrderChange[] = [];
  for (const query of heldOut) {
    signal.throwIfAborted();
    const isCold = ![...query.grades.keys()].some((chunk) => chunks.has(chunk));
    orders.push({
      query,
      before: await find(query.query, before?.expansion),
      after: await find(query.query, expansion),
      isCold,
    });
  }
  const gate = rankingGate(orders.map(toGateQuery), { seed: String(settings.seed) });
  return { artifact: { ...(before ?? IDENTITY_RETRIEVAL), expansion }, trials: [], gate, orders };
}
