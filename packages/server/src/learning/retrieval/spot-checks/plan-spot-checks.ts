import {
  createRandom,
  type OrderChange,
  type RetrievalArtifact,
  sampleSpotChecks,
  type SpotCheckKind,
} from "@agent-learning/learning";

/** Chunks of each order that a person is shown. */
export const SHOWN_TO_PEOPLE = 3;

/** One check: which query, why it, and the first chunks of both orders. */
export interface PlannedCheck {
  kind: SpotCheckKind;
  retrievalId: string;
  before: string[];
  after: string[];
  /** False: what people would see first is the same, so nobody is asked. */
  changed: boolean;
}

/** About fifty queries that people look at: some at random, the others where errors are likely. The same run plans the same. */
export function planSpotChecks(
  orders: readonly OrderChange[],
  artifact: RetrievalArtifact,
  seed: number,
): PlannedCheck[] {
  const byId = new Map(orders.map((order) => [order.query.id, order]));
  const random = createRandom(`${seed} spot checks`);
  return sampleSpotChecks(orders, artifact, { random, shown: SHOWN_TO_PEOPLE }).map(
    ({ kind, query, changed }) => {
      const { before = [], after = [] } = byId.get(query) ?? {};
      return {
        kind,
        retrievalId: query,
        before: before.slice(0, SHOWN_TO_PEOPLE),
        after: after.slice(0, SHOWN_TO_PEOPLE),
        changed,
      };
    },
  );
}
