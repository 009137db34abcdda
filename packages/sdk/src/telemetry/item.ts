export type Lane = "executions" | "feedback" | "retrievals" | "outcomes" | "demonstrations";

/** One piece of evidence on its way. */
export interface Item {
  /** Unique: the Idempotency-Key of feedback, and the name under which the item is struck off the journal. */
  readonly key: string;
  readonly lane: Lane;
  /** The wire's JSON, made once. */
  readonly body: string;
  /** When it was recorded, milliseconds since 1970. */
  readonly at: number;
  /** Deliveries that failed in a way that may be the item's own fault. */
  suspicions: number;
  /** Such failures with others of its lane delivered since the one before. */
  convictions: number;
  /** What its lane had delivered at the last such failure. */
  deliveredAtSuspicion: number | undefined;
}

export interface LaneSpecification {
  /** Most items of one request; 1: each item is sent alone, as the body. */
  batch: number;
  /** Requests at the same time. */
  workers: number;
}

/**
 * A lane's name is that of its route, of the list in a batch, and the first step of the paths in the server's errors.
 * Feedback and demonstrations go singly, because only a request of its own can carry an Idempotency-Key that outlives any
 * regrouping.
 */
export const LANES: Readonly<Record<Lane, LaneSpecification>> = {
  executions: { batch: 500, workers: 1 },
  feedback: { batch: 1, workers: 8 },
  retrievals: { batch: 500, workers: 1 },
  outcomes: { batch: 500, workers: 1 },
  demonstrations: { batch: 1, workers: 2 },
};

/** Characters of the items in one request: well below the server's 1 MiB even when each takes three bytes. */
export const MAXIMUM_REQUEST_CHARACTERS: number = 300_000;

/** What an item costs of the bounds on memory: its text and about 200 for the object around it. */
export function sizeOf(item: Item): number {
  return item.body.length + 200;
}

/** The body of one request. */
export function requestBody(lane: Lane, items: readonly Item[]): string {
  const bodies = items.map(({ body }) => body).join(",");
  return LANES[lane].batch === 1 ? bodies : `{"${lane}":[${bodies}]}`;
}

export function createItem(key: string, lane: Lane, body: string, at: number): Item {
  return { key, lane, body, at, suspicions: 0, convictions: 0, deliveredAtSuspicion: undefined };
}
