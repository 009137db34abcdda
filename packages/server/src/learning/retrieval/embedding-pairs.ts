import type { QueryEvidence } from "@agent-learning/learning";

/** A line of training data for an embedder. */
export interface EmbeddingPair {
  query: string;
  /** A chunk that is known to be relevant. */
  positive: string;
  /** Chunks that were shown for the query and are not: called irrelevant, or ranked above it; the hardest first. */
  negatives: string[];
  /** How surely it is known, 0 to 1. */
  weight: number;
  retrieval_id: string;
}

const MOST_NEGATIVES = 10;

/**
 * The lines that one query's evidence gives. Hard negatives are what the ranking in service takes for relevant: chunks that people called
 * irrelevant, then those above the positive in the order in which they were shown, then those below it.
 */
export function embeddingPairs({
  id,
  query,
  candidates,
  grades,
  signs = [],
  weight = 1,
}: QueryEvidence): EmbeddingPair[] {
  const refused = signs.filter(({ relevant, weight: sure }) => relevant === 0 && sure >= 0.5);
  const shown = candidates.map(({ chunk }) => chunk);
  return [...grades.keys()].map((positive) => {
    const place = shown.indexOf(positive);
    const above = place === -1 ? shown : shown.slice(0, place);
    const below = place === -1 ? [] : shown.slice(place + 1);
    const ordered = new Set([...refused.map(({ chunk }) => chunk), ...above, ...below]);
    const negatives = [...ordered].filter((chunk) => !grades.has(chunk)).slice(0, MOST_NEGATIVES);
    return { query, positive, negatives, weight, retrieval_id: id };
  });
}
