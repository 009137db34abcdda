import { createReranker, type QueryEvidence, type RetrievalArtifact } from "@agent-learning/learning";

/** A held-out query whose order the candidate changes. */
export interface Move {
  retrieval_id: string;
  /** Ids of chunks, best first. */
  before: string[];
  after: string[];
  relevant: string[];
}

const SHOWN = 10;
const MOST = 20;

/** The queries whose first ten change most, by the sum of the places that their chunks move. Ids only: whose words they were stays with them. */
export function movesOf(
  artifact: RetrievalArtifact,
  baseline: RetrievalArtifact | null,
  queries: readonly QueryEvidence[],
): Move[] {
  const after = createReranker(artifact);
  const before = createReranker(baseline ?? { ...artifact, ranker: null });
  return queries
    .map(({ id, query, candidates, grades }) => {
      const order = (reranker: typeof after): string[] =>
        reranker.rerank(query, candidates).map(({ chunk }) => chunk);
      const [old, own] = [order(before), order(after)];
      const places = new Map(old.map((chunk, place) => [chunk, place]));
      const distance = own
        .slice(0, SHOWN)
        .reduce((sum, chunk, place) => sum + Math.abs(place - (places.get(chunk) ?? place)), 0);
      const move = {
        retrieval_id: id,
        before: old.slice(0, SHOWN),
        after: own.slice(0, SHOWN),
        relevant: [...grades.keys()],
      };
      return { move, distance };
    })
    .filter(({ distance }) => distance > 0)
    .toSorted((one, other) => other.distance - one.distance)
    .slice(0, MOST)
    .map(({ move }) => move);
}
