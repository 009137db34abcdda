import { analyse } from "./analyse.ts";

/** A query that ended well, with a text that answered it. */
export interface SuccessfulQuery {
  query: string;
  /** Text of a chunk that was relevant to it. */
  text: string;
}

export interface ExpansionOptions {
  /** Pairs of query and text that a term pair has at least; default 2. */
  support?: number;
  /** Largest share of the texts that an added term may be in, for it to tell anything; default .1. */
  documentShare?: number;
  /** Terms added for one term at most; default 3. */
  perTerm?: number;
}

/** What users' words are called in the documents. Plain data: it is stored and served as it is. */
export interface QueryExpansion {
  kind: "expansion";
  /** For a term of a query the terms to add, best first, with their pointwise mutual information. */
  terms: Record<string, { term: string; information: number }[]>;
}

/** Weight of an added term beside 1 of the query's own. */
export const EXPANSION_WEIGHT = 0.2;

/**
 * Learns which terms of relevant texts go with which terms of queries: those with the highest pointwise mutual information,
 * log p(a, b) / (p(a)·p(b)), among pairs seen in enough successful queries and not everywhere. A term is never added for itself.
 */
export function learnQueryExpansion(
  successes: readonly SuccessfulQuery[],
  { support = 2, documentShare = 0.1, perTerm = 3 }: ExpansionOptions = {},
): QueryExpansion {
  const asked = new Map<string, number>();
  const answered = new Map<string, number>();
  const together = new Map<string, Map<string, number>>();
  const seen = new Set<string>();
  let count = 0;
  for (const { query, text } of successes) {
    const queryTerms = [...new Set(analyse(query))].toSorted();
    const key = JSON.stringify([queryTerms, text]);
    // The same question and answer again is no further evidence.
    if (seen.has(key)) continue;
    seen.add(key);
    count += 1;
    const textTerms = new Set(analyse(text));
    for (const term of textTerms) answered.set(term, (answered.get(term) ?? 0) + 1);
    for (const term of queryTerms) {
      asked.set(term, (asked.get(term) ?? 0) + 1);
      let pairs = together.get(term);
      if (pairs === undefined) together.set(term, (pairs = new Map()));
      for (const other of textTerms) pairs.set(other, (pairs.get(other) ?? 0) + 1);
    }
  }
  // In a small collection a tenth of the texts is fewer than the support asks for.
  const mostTexts = Math.max(support, documentShare * count);
  const terms: QueryExpansion["terms"] = {};
  for (const [term, pairs] of [...together].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const found: { term: string; information: number }[] = [];
    for (const [other, both] of pairs) {
      const texts = answered.get(other) as number;
      if (other === term || both < support || texts > mostTexts) continue;
      const information = Math.log((both * count) / ((asked.get(term) as number) * texts));
      if (information > 0) found.push({ term: other, information });
    }
    if (found.length === 0) continue;
    terms[term] = found
      .toSorted((one, two) => two.information - one.information || (one.term < two.term ? -1 : 1))
      .slice(0, perTerm);
  }
  return { kind: "expansion", terms };
}

/** The terms that a query gains, each once and none that it has already. */
export function expandQuery(expansion: QueryExpansion, terms: readonly string[]): string[] {
  const own = new Set(terms);
  const added = new Set<string>();
  for (const term of own) {
    if (!Object.hasOwn(expansion.terms, term)) continue;
    for (const { term: other } of expansion.terms[term] ?? []) if (!own.has(other)) added.add(other);
  }
  return [...added];
}
