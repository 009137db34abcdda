import { setImmediate as yieldToOthers } from "node:timers/promises";
import {
  adaptQuery,
  createRandom,
  createReranker,
  type EmbeddedPair,
  IDENTITY_RETRIEVAL,
  learnContrastiveAdapter,
  learnRidgeAdapter,
  ndcg,
  type OrderChange,
  type QueryAdapter,
  type QueryEvidence,
  rankingGate,
} from "@agent-learning/learning";
import { readIndex, readVectors, searchChunks, searchEmbeddings } from "../../curation/documents/index.ts";
import { nearest } from "../../curation/documents/vectors.ts";
import { NO_EMBEDDER } from "../../models/create-embedder.ts";
import { type Learned, type Lesson, toGateQuery } from "./lesson.ts";
import { DEFAULT_FUSION, together } from "./search-both.ts";

const CANDIDATES = 100;
/** Queries that are learned from at most, the latest: each is embedded. */
const MOST_QUERIES = 1_000;
const FEWEST_PAIRS = 20;
const EMBEDDED_AT_ONCE = 64;
/** A matrix of more numbers takes longer to learn and to keep than it is worth. */
const MOST_DIMENSIONS = 1_024;
const RIDGES = [1, 10, 100];
/** Queries up to which the ridge is tried, and from which on the contrastive way is. */
const [RIDGE_UP_TO, CONTRASTIVE_FROM] = [400, 400];
/** Every fifth query chooses among what the others taught. */
const CHOOSING = 5;

interface Judged {
  vector: number[];
  grades: QueryEvidence["grades"];
}

type Fit = (pairs: readonly EmbeddedPair[]) => QueryAdapter;

/**
 * Learns a linear map of queries' embeddings towards the chunks that answered them; chunks keep theirs, so nothing is embedded again. The
 * identity is always a candidate, and the held-out queries are searched with the map and without, words and all.
 */
export async function learnAdapter(lesson: Lesson): Promise<Learned> {
  const { ctx, handle, chunkingId, known, heldOut, before, settings, signal } = lesson;
  const index = await ctx.transact((tenant) => readIndex(tenant, handle.row.agent_id, chunkingId));
  const embedder = await ctx.services.embedders.load();
  if (index === undefined || index.chunks === 0)
    return { reasons: ["The agent has no documents here that could be searched: index them first."] };
  if (embedder === undefined) return { reasons: [`There is nothing to adapt: ${NO_EMBEDDER}.`] };
  const table = await readVectors(ctx, index, embedder.name);
  if (table.dimension === 0)
    return { reasons: ["The documents are not embedded yet: wait for the embedder to have read them."] };
  if (table.dimension > MOST_DIMENSIONS)
    return {
      reasons: [
        `The embedder's vectors have ${table.dimension} numbers; adapters are learned for up to ${MOST_DIMENSIONS}.`,
      ],
    };
  const rowOf = new Map(table.keys.map((key, row) => [key, row]));
  const textOf = (row: number): Float32Array =>
    table.values.subarray(row * table.dimension, (row + 1) * table.dimension);

  const latest = known.filter(({ grades }) => grades.size > 0).slice(-MOST_QUERIES);
  const judged: Judged[] = [];
  for (let start = 0; start < latest.length; start += EMBEDDED_AT_ONCE) {
    const part = latest.slice(start, start + EMBEDDED_AT_ONCE);
    const vectors = await embedder.embed(
      part.map(({ query }) => query),
      { signal },
    );
    for (const [place, { grades }] of part.entries()) {
      const vector = unit(vectors[place] ?? []);
      if (vector.length === table.dimension) judged.push({ vector, grades });
    }
    const share = (start + part.length) / latest.length;
    await handle.change(
      { progressPercentage: Math.round(share * 50) },
      { type: "progress", data: { share } },
    );
  }
  const pairsOf = (list: readonly Judged[]): EmbeddedPair[] =>
    list.flatMap(({ vector, grades }) =>
      [...grades.keys()].flatMap((chunk) => {
        const row = rowOf.get(chunk);
        return row === undefined ? [] : { query: vector, text: textOf(row) };
      }),
    );
  const pairs = pairsOf(judged);
  if (pairs.length < FEWEST_PAIRS)
    return {
      reasons: [
        `${pairs.length} queries have a relevant chunk among the agent's documents here; ${FEWEST_PAIRS} are needed.`,
      ],
    };

  const random = createRandom(settings.seed);
  const fits: [name: string, fit: Fit][] = [
    ...(judged.length <= RIDGE_UP_TO
      ? RIDGES.map((ridge): [string, Fit] => [`ridge ${ridge}`, (list) => learnRidgeAdapter(list, ridge)])
      : []),
    ...(judged.length >= CONTRASTIVE_FROM
      ? [
          [
            "contrastive",
            (list) => learnContrastiveAdapter(list, { random: random.fork("contrastive"), signal }),
          ] as [string, Fit],
        ]
      : []),
  ];
  const choosing = judged.filter((_query, place) => place % CHOOSING === 0);
  const teaching = pairsOf(judged.filter((_query, place) => place % CHOOSING !== 0));
  const qualityOf = (adapter: QueryAdapter | undefined): number =>
    choosing.reduce((sum, { vector, grades }) => {
      const moved = adapter === undefined ? vector : [...adaptQuery(adapter, vector)];
      return (
        sum +
        ndcg(
          nearest(table, moved, 10).map(({ key }) => key),
          grades,
          10,
        )
      );
    }, 0) / choosing.length;
  let best: { name: string; fit: Fit; quality: number } | undefined;
  const own = qualityOf(undefined);
  for (const [name, fit] of fits) {
    signal.throwIfAborted();
    // Requests of this process are answered in between.
    await yieldToOthers();
    const quality = qualityOf(fit(teaching));
    if (quality > (best?.quality ?? own)) best = { name, fit, quality };
  }
  if (best === undefined)
    return { reasons: ["No map finds the relevant chunks better than the queries' own embeddings do."] };
  await yieldToOthers();
  const adapter = { ...best.fit(pairs), embedder: embedder.name };

  const reranker = createReranker(before ?? IDENTITY_RETRIEVAL);
  const order = async ({ query }: QueryEvidence, used: typeof adapter | undefined): Promise<string[]> => {
    signal.throwIfAborted();
    const words = await ctx.transact((tenant) =>
      searchChunks(tenant, index, query, { limit: CANDIDATES, expansion: before?.expansion }),
    );
    const { found, note } = await searchEmbeddings(ctx, index, embedder, query, CANDIDATES, used);
    // An adapter that was held to searches without embeddings would say nothing.
    if (found.length === 0 && note !== undefined) throw new Error(note);
    const fused = together(words, found, before?.fusion ?? DEFAULT_FUSION);
    return reranker
      .rerank(
        query,
        fused.map(({ key, score, match }) => ({ chunk: key, score, match })),
      )
      .map(({ chunk }) => chunk);
  };
  const taught = new Set(latest.flatMap(({ grades }) => [...grades.keys()]));
  const orders: OrderChange[] = [];
  for (const query of heldOut) {
    orders.push({
      query,
      before: await order(query, before?.adapter),
      after: await order(query, adapter),
      isCold: ![...query.grades.keys()].some((chunk) => taught.has(chunk)),
    });
  }
  const gate = rankingGate(orders.map(toGateQuery), { seed: String(settings.seed) });
  return { artifact: { ...(before ?? IDENTITY_RETRIEVAL), adapter }, trials: [], gate, orders };
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
