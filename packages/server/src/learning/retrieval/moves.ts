import {
  type ChunkReason,
  createOrderExplainer,
  createReranker,
  moveDistance,
  type OrderChange,
  type QueryEvidence,
  type RetrievalArtifact,
} from "@agent-learning/learning";

/** A chunk that is in another place, and what its new place comes from. */
export interface MovedChunk {
  chunk_id: string;
  /** 1 is the first; null: not among what was ranked. */
  from: number | null;
  to: number | null;
  effects: ChunkReason["effects"] | null;
  memory: number | null;
  relevance: number | null;
}

/** A held-out query whose order the candidate changes. */
export interface Move {
  retrieval_id: string;
  /** Ids of chunks, best first. */
  before: string[];
  after: string[];
  relevant: string[];
  moves: MovedChunk[];
}

const SHOWN = 10;
const MOST = 20;

/** What both artifacts make of what was shown for these queries. */
export function ordersOf(
  artifact: RetrievalArtifact,
  baseline: RetrievalArtifact | null,
  queries: readonly QueryEvidence[],
): OrderChange[] {
  const after = createReranker(artifact);
  const before = createReranker(baseline ?? { ...artifact, ranker: null });
  const known = new Set(artifact.memory.map(({ chunk }) => chunk));
  return queries.map((query) => {
    const order = (reranker: typeof after): string[] =>
      reranker.rerank(query.query, query.candidates).map(({ chunk }) => chunk);
    const isCold = ![...query.grades.keys()].some((chunk) => known.has(chunk));
    return { query, before: order(before), after: order(after), isCold };
  });
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

function movedChunks({ before, after }: OrderChange, reasons: readonly ChunkReason[]): MovedChunk[] {
  const placeIn = (order: readonly string[], chunk: string): number | null => {
    const place = order.indexOf(chunk);
    return place === -1 ? null : place + 1;
  };
  const byChunk = new Map(reasons.map((reason) => [reason.chunk, reason]));
  const distance = ({ from, to }: MovedChunk): number =>
    Math.abs((from ?? before.length + 1) - (to ?? after.length + 1));
  return [...new Set([...before.slice(0, SHOWN), ...after.slice(0, SHOWN)])]
    .map((chunk): MovedChunk => {
      const reason = byChunk.get(chunk);
      return {
        chunk_id: chunk,
        from: placeIn(before, chunk),
        to: placeIn(after, chunk),
        effects:
          reason === undefined
            ? null
            : {
                store: round(reason.effects.store),
                memory: round(reason.effects.memory),
                relevance: round(reason.effects.relevance),
              },
        memory: reason === undefined ? null : round(reason.memory),
        relevance: reason?.relevance == null ? null : round(reason.relevance),
      };
    })
    .filter(({ from, to }) => from !== to)
    .toSorted((one, other) => distance(other) - distance(one));
}

/** The queries whose first ten change most, by the sum of the places that their chunks move. Ids only: whose words they were stays with them. */
export function movesOf(orders: readonly OrderChange[], artifact: RetrievalArtifact): Move[] {
  const explain = createOrderExplainer(artifact);
  return orders
    .map((order) => ({ order, distance: moveDistance(order) }))
    .filter(({ order, distance }) => distance > 0 && order.query.grades.size > 0)
    .toSorted((one, other) => other.distance - one.distance)
    .slice(0, MOST)
    .map(({ order }) => ({
      retrieval_id: order.query.id,
      before: order.before.slice(0, SHOWN),
      after: order.after.slice(0, SHOWN),
      relevant: [...order.query.grades.keys()],
      moves: movedChunks(order, explain(order.query.query, order.query.candidates)),
    }));
}
