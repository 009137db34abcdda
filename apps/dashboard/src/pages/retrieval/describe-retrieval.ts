import type { RetrievalReport } from "../../api/types.ts";
import { count, decimal, percent, plural, signed } from "../../format/numbers.ts";

export type SpotCheckRate = NonNullable<RetrievalReport["spotChecks"]>["rates"][number];
export type ChunkMove = RetrievalReport["moves"][number]["moves"][number];

export const KIND_WORDS: Readonly<Record<SpotCheckRate["kind"], [name: string, why: string]>> = {
  uniform: ["At random", "Holds for all queries."],
  rank_move: ["Largest moves", "Where the order changes most."],
  conflict: ["Against the store", "What people said contradicts the store's score."],
  cold_loser: ["New topics that lose", "Nothing was learned of their relevant chunks, and these fall."],
  influential_actor: ["Decided by few", "One person's evidence brought a chunk in."],
};

export const METHOD_WORDS: Readonly<Record<string, string>> = {
  ranking: "Learned how to rank",
  chunk_relevance: "Brought the chunks' relevance up to date",
  query_expansion: "Learned what to add to queries",
  fusion: "Learned how much words and embeddings weigh",
  adapter: "Learned to move the queries' embeddings",
  chunking: "Learned how to cut documents",
};

/** How often people say that the new list is worse. */
export function describeRate({ errorRate, interval, worse, waiting, checks }: SpotCheckRate): string {
  if (errorRate === null || interval === null)
    return waiting === 0
      ? "Nothing to say."
      : `Nobody has answered yet: ${plural(waiting, "check")} waiting.`;
  const answered = `${percent(errorRate)} worse (${percent(interval[0])} to ${percent(interval[1])})`;
  const of = `${count(worse)} of ${count(checks - waiting)}`;
  return `${answered}: ${of}${waiting === 0 ? "" : `, ${count(waiting)} waiting`}.`;
}

/** What moved a chunk, in a sentence: what speaks most for where it went. */
export function describeMove({ from, to, effects, memory, relevance }: ChunkMove): string {
  const isUp = (to ?? Infinity) < (from ?? Infinity);
  if (effects === null)
    return isUp ? "The search finds it better now." : "The search finds others better now.";
  const sign = isUp ? 1 : -1;
  const [strongest] = (["memory", "relevance", "store"] as const)
    .map((factor) => ({ factor, effect: effects[factor] * sign }))
    .toSorted((one, other) => other.effect - one.effect);
  if (strongest === undefined || strongest.effect <= 0)
    return isUp ? "Others fell behind it." : "Others came before it.";
  if (strongest.factor === "memory")
    return isUp
      ? `Questions like this one led to it (likeness ${decimal(memory ?? 0)}).`
      : (memory ?? 0) > 0
        ? `Questions like this one led to others more (likeness ${decimal(memory ?? 0)}).`
        : "No question like this one led to it.";
  if (strongest.factor === "relevance")
    return relevance === null
      ? "Nobody said anything of it, unlike of others."
      : isUp
        ? `People found it relevant (log-odds ${signed(relevance)}).`
        : `People found it less relevant than others (log-odds ${signed(relevance)}).`;
  return isUp ? "The store is surer of it than of others." : "The store is less sure of it than of others.";
}

/** `3 → 1`; a dash for a list that it is not in. */
export function placesOf({ from, to }: ChunkMove): string {
  return `${from ?? "–"} → ${to ?? "–"}`;
}
