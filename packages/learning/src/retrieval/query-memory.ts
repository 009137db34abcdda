import { type Bm25Index, createBm25Index } from "../text/bm25.ts";
import { analyse } from "./analyse.ts";

/** A query for which a chunk turned out to be relevant. */
export interface RememberedQuery {
  query: string;
  chunk: string;
  /** Who said so; one person's word is bounded. */
  actor: string;
  /** Id of the evidence that it comes from: lineage. */
  evidence?: string;
}

export interface QueryMemoryOptions {
  /** Share of the query's own score that the field must reach before it says anything; default .25. */
  threshold?: number;
  /** Pairs that one actor may add, the latest count; default 50. */
  pairsPerActor?: number;
  /** The terms of a query; `analyse` unless somebody remembers them. */
  termsOf?: (query: string) => readonly string[];
}

/** What earlier users' queries say about the chunks. */
export interface QueryMemory {
  /** Chunks in memory. */
  readonly size: number;
  /**
   * Per chunk, how well the query matches the queries that led to it: its score over the query's own, at most 1, above the threshold only.
   * Empty for a query unlike any before, which leaves the ranking alone: a memory that always speaks hurts cold queries.
   */
  match(query: string): Map<string, number>;
  /**
   * How near the query is to the nearest single query that led to a chunk: the cosine of their terms, each weighed by how rare it is among
   * the remembered queries. `match` asks how much of this query is known, this also how much of that one was asked: 0 to 1.
   */
  compare(query: string): (chunk: string) => number;
}

interface Remembered {
  terms: ReadonlySet<string>;
  length: number;
}

/** Looks single remembered queries up by chunk. */
function createComparison(
  fields: ReadonlyMap<string, readonly (readonly string[])[]>,
  termsOf: (query: string) => readonly string[],
): QueryMemory["compare"] {
  const holders = new Map<string, number>();
  let count = 0;
  for (const queries of fields.values()) {
    for (const terms of queries) {
      count += 1;
      for (const term of new Set(terms)) holders.set(term, (holders.get(term) ?? 0) + 1);
    }
  }
  const squares = new Map<string, number>();
  const rarity = (held: number): number => Math.log(1 + (count - held + 0.5) / (held + 0.5)) ** 2;
  for (const [term, held] of holders) squares.set(term, rarity(held));
  const unknown = rarity(0);
  const lengthOf = (terms: Iterable<string>): number => {
    let sum = 0;
    for (const term of terms) sum += squares.get(term) ?? unknown;
    return Math.sqrt(sum);
  };
  const remembered = new Map<string, Remembered[]>();
  for (const [chunk, queries] of fields) {
    const own = queries.map((terms) => ({ terms: new Set(terms), length: lengthOf(new Set(terms)) }));
    remembered.set(chunk, own);
  }
  return (query) => {
    const terms = new Set(termsOf(query));
    const length = lengthOf(terms);
    return (chunk) => {
      let best = 0;
      for (const other of remembered.get(chunk) ?? []) {
        let shared = 0;
        for (const term of terms) if (other.terms.has(term)) shared += squares.get(term) ?? unknown;
        if (shared > 0) best = Math.max(best, shared / (length * other.length));
      }
      return Math.min(1, best);
    };
  };
}

/** The pairs of query and chunk that count: each once per actor, and of each actor the latest `limit`. In the order of time. */
export function keepPerActor(
  pairs: readonly RememberedQuery[],
  limit: number,
  termsOf: (query: string) => readonly string[] = analyse,
): RememberedQuery[] {
  const kept: RememberedQuery[] = [];
  const seen = new Set<string>();
  const perActor = new Map<string, number>();
  for (const pair of pairs.toReversed()) {
    const terms = termsOf(pair.query);
    const key = JSON.stringify([pair.actor, pair.chunk, terms]);
    const count = perActor.get(pair.actor) ?? 0;
    if (terms.length === 0 || seen.has(key) || count >= limit) continue;
    seen.add(key);
    perActor.set(pair.actor, count + 1);
    kept.push(pair);
  }
  return kept.toReversed();
}

/**
 * Clicked-query memory: for each chunk the terms of the queries that found it, as a BM25 field of its own. Repeating one's own
 * query for a chunk adds nothing.
 * @param pairs in the order of time
 */
export function createQueryMemory(
  pairs: readonly RememberedQuery[],
  { threshold = 0.25, pairsPerActor = 50, termsOf = analyse }: QueryMemoryOptions = {},
): QueryMemory {
  const fields = new Map<string, (readonly string[])[]>();
  for (const { query, chunk } of keepPerActor(pairs, pairsPerActor, termsOf)) {
    const terms = termsOf(query);
    const field = fields.get(chunk);
    if (field === undefined) fields.set(chunk, [terms]);
    else field.push(terms);
  }
  const chunks = [...fields.keys()];
  const index: Bm25Index = createBm25Index([...fields.values()].map((queries) => queries.flat()));
  return {
    size: chunks.length,
    match(query) {
      const terms = termsOf(query);
      const own = index.selfScore(terms);
      const found = new Map<string, number>();
      if (own <= 0) return found;
      for (const { document, score } of index.search(terms, 100)) {
        const share = Math.min(1, score / own);
        if (share < threshold) break;
        found.set(chunks[document] as string, share);
      }
      return found;
    },
    compare: createComparison(fields, termsOf),
  };
}
