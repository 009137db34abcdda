import type { Random } from "../ports.ts";
import type { QueryEvidence } from "./query-evidence.ts";
import { ndcg } from "./ranking-metrics.ts";
import type { RetrievalArtifact } from "./retrieval-artifact.ts";

/**
 * `uniform`: drawn at random among all queries, so that its share of errors holds for all of them. The others look where errors are likely:
 * the largest moves, chunks of which people say one thing and the store another, queries on new topics whose relevant chunks fall, and
 * places that the word of few people decides.
 */
export const SPOT_CHECK_KINDS = [
  "uniform",
  "rank_move",
  "conflict",
  "cold_loser",
  "influential_actor",
] as const;
export type SpotCheckKind = (typeof SPOT_CHECK_KINDS)[number];

/** A query with the chunks as they are served, and as the candidate would have them. */
export interface OrderChange {
  query: QueryEvidence;
  /** Ids of chunks, best first. */
  before: readonly string[];
  after: readonly string[];
  /** No relevant chunk of it was known to what was learned. */
  isCold: boolean;
}

export interface SpotCheck {
  kind: SpotCheckKind;
  /** Id of the query. */
  query: string;
  /** Whether the chunks that are shown differ at all; where they do not, there is nothing to look at. */
  changed: boolean;
}

export interface SpotCheckOptions {
  random: Random;
  /** Checks in all; default 50. */
  size?: number;
  /** Share drawn at random; default .2. */
  uniformShare?: number;
  /** Chunks of each order that a person is shown; default 3. */
  shown?: number;
}

const DEPTH = 10;

/** The sum of the places by which the first ten chunks move. */
export function moveDistance({ before, after }: Pick<OrderChange, "before" | "after">): number {
  const places = new Map(before.map((chunk, place) => [chunk, place]));
  return after
    .slice(0, DEPTH)
    .reduce((sum, chunk, place) => sum + Math.abs(place - (places.get(chunk) ?? DEPTH)), 0);
}

/** The most that evidence says against the store of a chunk that comes in or goes: relevant and in its lower half, or irrelevant and among its first. */
function conflictOf(
  { query, before, after }: OrderChange,
  relevance: Readonly<Record<string, number>>,
  shown: number,
): number {
  const own = query.candidates.toSorted((one, other) => (other.score || 0) - (one.score || 0));
  const places = new Map(own.map(({ chunk }, place) => [chunk, place]));
  const [old, next] = [new Set(before.slice(0, shown)), new Set(after.slice(0, shown))];
  let most = 0;
  for (const chunk of new Set([...old, ...next])) {
    if (old.has(chunk) && next.has(chunk)) continue;
    const moved = Object.hasOwn(relevance, chunk) ? (relevance[chunk] ?? 0) : 0;
    const place = places.get(chunk) ?? own.length;
    if ((moved > 0 && place >= own.length / 2) || (moved < 0 && place < shown))
      most = Math.max(most, Math.abs(moved));
  }
  return most;
}

interface Influence {
  ofActor: Map<string, number>;
  ofChunk: Map<string, Map<string, number>>;
}

function influenceIn({ memory }: Pick<RetrievalArtifact, "memory">): Influence {
  const [ofActor, ofChunk] = [new Map<string, number>(), new Map<string, Map<string, number>>()];
  for (const { actor, chunk } of memory) {
    ofActor.set(actor, (ofActor.get(actor) ?? 0) + 1);
    const own = ofChunk.get(chunk) ?? new Map<string, number>();
    own.set(actor, (own.get(actor) ?? 0) + 1);
    ofChunk.set(chunk, own);
  }
  return { ofActor, ofChunk };
}

/** The share of a chunk's memory that one actor holds, times all that the actor has in memory: the most among chunks that came in. */
function influenceOf({ before, after }: OrderChange, { ofActor, ofChunk }: Influence, shown: number): number {
  const known = new Set(before.slice(0, shown));
  let most = 0;
  for (const chunk of after.slice(0, shown)) {
    const own = known.has(chunk) ? undefined : ofChunk.get(chunk);
    if (own === undefined) continue;
    const all = [...own.values()].reduce((sum, count) => sum + count, 0);
    for (const [actor, count] of own) most = Math.max(most, (count / all) * (ofActor.get(actor) ?? 0));
  }
  return most;
}

/**
 * What people should look at before a candidate is trusted: about fifty queries, a fifth of them at random. A query is chosen for one
 * suspicion at most; what one kind has not enough of, the largest moves get. The same stream chooses the same.
 */
export function sampleSpotChecks(
  changes: readonly OrderChange[],
  artifact: Pick<RetrievalArtifact, "memory" | "relevance">,
  { random, size = 50, uniformShare = 0.2, shown = 3 }: SpotCheckOptions,
): SpotCheck[] {
  const isChanged = ({ before, after }: OrderChange): boolean =>
    Array.from({ length: shown }, (_, place) => before[place] !== after[place]).some(Boolean);
  const draw = random.fork("uniform");
  const uniform = changes
    .map((change) => ({ change, key: draw.next() }))
    .toSorted((one, other) => one.key - other.key)
    .slice(0, Math.round(size * uniformShare))
    .map(({ change }): SpotCheck => ({
      kind: "uniform",
      query: change.query.id,
      changed: isChanged(change),
    }));
  const changed = changes.filter(isChanged);
  const influence = influenceIn(artifact);
  const lossOf = ({ query, before, after, isCold }: OrderChange): number =>
    isCold && query.grades.size > 0
      ? ndcg(before, query.grades, DEPTH) - ndcg(after, query.grades, DEPTH)
      : 0;
  const suspicions: [Exclude<SpotCheckKind, "uniform">, (change: OrderChange) => number][] = [
    ["cold_loser", lossOf],
    ["conflict", (change) => conflictOf(change, artifact.relevance, shown)],
    ["influential_actor", (change) => influenceOf(change, influence, shown)],
    ["rank_move", moveDistance],
  ];
  const taken = new Set<string>();
  let left = size - uniform.length;
  const chosen = suspicions.flatMap(([kind, measure], index) => {
    // What the kinds before did not use is shared among the rest.
    const share = Math.ceil(left / (suspicions.length - index));
    const own = changed
      .filter(({ query }) => !taken.has(query.id))
      .map((change) => ({ change, suspicion: measure(change) }))
      .filter(({ suspicion }) => suspicion > 0)
      .toSorted(
        (one, other) =>
          other.suspicion - one.suspicion || (one.change.query.id < other.change.query.id ? -1 : 1),
      )
      .slice(0, share);
    for (const { change } of own) taken.add(change.query.id);
    left -= own.length;
    return own.map(({ change }): SpotCheck => ({ kind, query: change.query.id, changed: true }));
  });
  return [...uniform, ...chosen];
}
