import {
  createReranker,
  IDENTITY_RETRIEVAL,
  type JudgedArms,
  learnFusion as fitFusion,
  type OrderChange,
  type QueryEvidence,
  rankingGate,
} from "@agent-learning/learning";
import {
  type ChunkMatch,
  type NearChunk,
  readIndex,
  searchChunks,
  searchEmbeddings,
} from "../../curation/documents/index.ts";
import { NO_EMBEDDER } from "../../models/create-embedder.ts";
import { type Learned, type Lesson, toGateQuery } from "./lesson.ts";
import { DEFAULT_FUSION, together } from "./search-both.ts";

const CANDIDATES = 100;
/** Queries that the weights are fitted on at most, the latest: each is embedded. */
const MOST_QUERIES = 500;

interface Arms {
  words: ChunkMatch[];
  near: NearChunk[];
}

/**
 * Learns how much words and embeddings weigh in a search, each alone among the candidates, and searches the held-out queries with the new
 * weights and with those in service. Only for documents that are indexed and embedded here.
 */
export async function learnFusion({
  ctx,
  handle,
  chunkingId,
  known,
  heldOut,
  before,
  settings,
  signal,
}: Lesson): Promise<Learned> {
  const index = await ctx.transact((tenant) => readIndex(tenant, handle.row.agent_id, chunkingId));
  const embedder = await ctx.services.embedders.load();
  if (index === undefined || index.chunks === 0)
    return { reasons: ["The agent has no documents here that could be searched: index them first."] };
  if (embedder === undefined) return { reasons: [`There is nothing to weigh: ${NO_EMBEDDER}.`] };
  const search = async ({ query }: QueryEvidence): Promise<Arms> => {
    signal.throwIfAborted();
    const expansion = before?.expansion;
    const words = await ctx.transact((tenant) =>
      searchChunks(tenant, index, query, { limit: CANDIDATES, expansion }),
    );
    const { found, note } = await searchEmbeddings(ctx, index, embedder, query, CANDIDATES, before?.adapter);
    // Weights that were fitted while the endpoint was away would say that embeddings are worth nothing.
    if (found.length === 0 && note !== undefined) throw new Error(note);
    return { words, near: found };
  };
  const judged: JudgedArms[] = [];
  const latest = known.filter(({ grades }) => grades.size > 0).slice(-MOST_QUERIES);
  for (const [done, query] of latest.entries()) {
    const { words, near } = await search(query);
    const arms = [
      new Map(words.map(({ key, score }) => [key, score])),
      new Map(near.map(({ key, cosine }) => [key, cosine])),
    ];
    judged.push({ arms, grades: query.grades });
    if (done % 100 === 99) {
      const share = done / latest.length;
      await handle.change(
        { progressPercentage: Math.round(share * 80) },
        { type: "progress", data: { share } },
      );
    }
  }
  const { weights } = fitFusion(judged);
  const reranker = createReranker(before ?? IDENTITY_RETRIEVAL);
  const order = (query: string, { words, near }: Arms, fusion: readonly number[]): string[] =>
    reranker
      .rerank(
        query,
        together(words, near, fusion).map(({ key, score, match }) => ({ chunk: key, score, match })),
      )
      .map(({ chunk }) => chunk);
  const chunks = new Set(latest.flatMap(({ grades }) => [...grades.keys()]));
  const orders: OrderChange[] = [];
  for (const query of heldOut) {
    const arms = await search(query);
    orders.push({
      query,
      before: order(query.query, arms, before?.fusion ?? DEFAULT_FUSION),
      after: order(query.query, arms, weights),
      isCold: ![...query.grades.keys()].some((chunk) => chunks.has(chunk)),
    });
  }
  const gate = rankingGate(orders.map(toGateQuery), { seed: String(settings.seed) });
  return { artifact: { ...(before ?? IDENTITY_RETRIEVAL), fusion: weights }, trials: [], gate, orders };
}
