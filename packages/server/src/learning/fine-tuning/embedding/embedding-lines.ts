import { createHash } from "node:crypto";
import type { DatasetSplit } from "@agent-learning/contract";
import { normaliseText } from "@agent-learning/learning";
import type { Context } from "../../../context.ts";
import { readIndex, readTextsByKey } from "../../../curation/documents/index.ts";
import { chunkingOf } from "../../retrieval/chunking/chunking-setting.ts";
import { type EmbeddingPair, embeddingPairs } from "../../retrieval/embedding-pairs.ts";
import { evidencePages } from "../../retrieval/read-evidence.ts";
import type { TrainingPlan } from "../backends/backend.ts";
import type { TrainingLine } from "../rows.ts";

const DAY = 86_400_000;
const DAYS = 180;
const MOST_RETRIEVALS = 100_000;
/** Passages that are shown as wrong for a query: they cost as much as it does. */
const MOST_NEGATIVES = 3;
/** Of 256 queries, those that are held out. */
const HELD_OUT = 64;

/** Whether a query is held out: the same query always is or never, however it is written. */
export function isHeldOut(query: string): boolean {
  return (createHash("sha256").update(normaliseText(query)).digest()[0] ?? 0) < HELD_OUT;
}

/**
 * Queries with a passage that is known to answer them and passages that were shown and do not, newest evidence first, a page at a time.
 * Chunks whose text is not indexed here are left out. Three quarters of the queries are for training, the others for `validation`.
 */
export async function* embeddingLines(
  ctx: Context,
  plan: TrainingPlan,
  split: DatasetSplit,
): AsyncGenerator<TrainingLine> {
  if (split === "test") return;
  const { agentId, base, settings, until } = plan;
  const chunking = chunkingOf(base.config)?.chunking_id;
  const index = await ctx.transact((tenant) => readIndex(tenant, agentId, chunking));
  if (index === undefined) return;
  const from = new Date(until.getTime() - (settings.days ?? DAYS) * DAY);
  for await (const page of evidencePages(ctx, { agentId, from, until }, MOST_RETRIEVALS)) {
    const chosen = page.filter(({ query }) => isHeldOut(query) === (split === "validation"));
    const pairs = chosen.flatMap((evidence) => embeddingPairs(evidence));
    const names = [...new Set(pairs.flatMap(({ positive, negatives }) => [positive, ...negatives]))];
    const found = await ctx.transact((tenant) => readTextsByKey(tenant, index.chunkingId, names));
    const texts = new Map(found.map(({ chunk_key: name, body }) => [name, body]));
    for (const pair of pairs) yield* toLine(pair, texts);
  }
}

function toLine(
  { query, positive, negatives }: EmbeddingPair,
  texts: ReadonlyMap<string, string>,
): TrainingLine[] {
  const text = texts.get(positive);
  if (text === undefined) return [];
  const wrong = negatives.flatMap((name) => texts.get(name) ?? []).filter((other) => other !== text);
  return [{ query, positive: text, negatives: [...new Set(wrong)].slice(0, MOST_NEGATIVES) }];
}
