import { evidenceOfRelevance } from "./evidence-of-relevance.ts";
import type { JudgedQuery } from "./pairwise-logistic.ts";
import { createQueryMemory, type RememberedQuery } from "./query-memory.ts";
import type { QueryEvidence } from "./query-evidence.ts";
import { type RankedCandidate, rankingFeatures, type Recollection } from "./ranking-features.ts";

/** Parts of the evidence, of which each is ranked by what the others know. */
export const FOLDS = 5;
/** Chunks that the memory adds to a query's candidates at most. */
const RECALLED = 20;
/** Queries that are looked at between two pauses. */
const QUERIES_AT_ONCE = 50;
/** Likeness of two queries, as `QueryMemory.compare` has it, from which on they are about one topic. */
const LIKE = 0.5;

/** Queries as they look, and as they would look if their topics were new. */
export interface Folds {
  warm: JudgedQuery[];
  cold: JudgedQuery[];
}

/** The candidates, and the chunks that the memory recalls beside them, without a score. */
function withRecalled(candidates: readonly RankedCandidate[], recalled: Iterable<string>): RankedCandidate[] {
  const own = new Set(candidates.map(({ chunk }) => chunk));
  const added = [...recalled].filter((chunk) => !own.has(chunk)).slice(0, RECALLED);
  return [...candidates, ...added.map((chunk) => ({ chunk, score: Number.NaN, match: 0 }))];
}

interface OutOfFold {
  /** What counts of all that is remembered, in the order of time. */
  pairs: readonly RememberedQuery[];
  /** In ascending order. */
  thresholds: readonly number[];
  termsOf: (query: string) => readonly string[];
}

/**
 * Each query of `judges`, in their order, with its own fold unknown and all the other evidence known, for each of the memory's thresholds;
 * and once more as if its topic were new: nothing known of its own relevant chunks, nor of those that a query like it led to. By likeness
 * and not by shared chunks alone: of many people's marks a few are wrong, and these connect everything with everything.
 */
export function* outOfFold(
  list: readonly QueryEvidence[],
  judges: readonly QueryEvidence[],
  fold: ReadonlyMap<string, number>,
  { pairs, thresholds, termsOf }: OutOfFold,
): Generator<void, Folds[]> {
  const folds = thresholds.map((): Folds => ({ warm: [], cold: [] }));
  for (let own = 0; own < FOLDS; own += 1) {
    const memory = createQueryMemory(
      pairs.filter(({ evidence }) => fold.get(evidence ?? "") !== own),
      { threshold: thresholds[0] ?? 0, pairsPerActor: Infinity, termsOf },
    );
    yield;
    const relevance = evidenceOfRelevance(list.filter(({ id }) => fold.get(id) !== own));
    yield;
    for (const [index, { id, query, candidates, grades, weight = 1 }] of judges.entries()) {
      if (fold.get(id) !== own) continue;
      const found = memory.match(query);
      const nearest = remembering(memory.compare(query));
      const isOwn = (chunk: string): boolean => grades.has(chunk) || nearest(chunk) >= LIKE;
      const others: Recollection["nearest"] = (chunk) => (isOwn(chunk) ? 0 : nearest(chunk));
      const otherRelevance = { get: (chunk: string) => (isOwn(chunk) ? undefined : relevance.get(chunk)) };
      const look = (recollection: Recollection, moved: Pick<typeof relevance, "get">): JudgedQuery => {
        const all = withRecalled(candidates, recollection.shares.keys());
        return {
          features: rankingFeatures(all, recollection, moved),
          grades: all.map(({ chunk }) => grades.get(chunk) ?? 0),
          weight,
        };
      };
      for (const [place, threshold] of thresholds.entries()) {
        const shares = [...found].filter(([, share]) => share >= threshold);
        const unlike = new Map(shares.filter(([chunk]) => !isOwn(chunk)));
        const { warm, cold } = folds[place] as Folds;
        warm[index] = look({ shares: new Map(shares), nearest }, relevance);
        cold[index] = look({ shares: unlike, nearest: others }, otherRelevance);
      }
      if (index % QUERIES_AT_ONCE === 0) yield;
    }
  }
  return folds;
}

/** The same function, which works out each chunk once. */
function remembering(nearest: Recollection["nearest"]): Recollection["nearest"] {
  const known = new Map<string, number>();
  return (chunk) => {
    let value = known.get(chunk);
    if (value === undefined) known.set(chunk, (value = nearest(chunk)));
    return value;
  };
}
