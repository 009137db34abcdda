import type { Context, TenantContext } from "../../context.ts";
import { systemContext } from "../../create-context.ts";
import { isDatabaseAway } from "../../database/index.ts";
import { keyReused, onceForKey, REPLAYED } from "../../http/idempotency.ts";
import type { Answer } from "../../http/route.ts";
import { createCoalescer } from "./coalescer.ts";
import { type Headers, readOnce } from "./idempotency.ts";
import type { Request } from "./once-each.ts";
import type { Outcome } from "./outcome.ts";
import { perServices } from "../../per-services.ts";
import { retryConflicts } from "./retry-conflicts.ts";

const LANES = 2;
const ITEMS_PER_LANE = 4;
const MAXIMUM_ITEMS = 200;
const MAXIMUM_WEIGHT = 4 * 1024 * 1024;
const MAXIMUM_WAITING = 10_000;

export interface IngestOptions<I> {
  operation: string;
  /**
   * Stores the items, and the answers of those with an Idempotency-Key, in the transaction of `ctx`. One outcome for each; an
   * item that cannot be stored is an error outcome, not a rejection.
   */
  record(
    ctx: TenantContext,
    requests: readonly Request<I>[],
    lane: number,
  ): Promise<readonly Outcome<Answer>[]>;
  /** Characters, roughly. */
  weigh(item: I): number;
}

/** Evidence from concurrent callers, in shared transactions. */
export interface Ingest<I> {
  /**
   * Stores one item and answers after the commit. With an Idempotency-Key the first answer is given again; while it is being
   * worked on in this process the caller joins it.
   */
  submit(ctx: Context, item: I, headers: Headers, input: unknown): Promise<Answer>;
}

/** @returns the ingest of a process */
export function createIngest<I>(options: IngestOptions<I>): (ctx: Context) => Ingest<I> {
  const instance = perServices((services): Ingest<I> => {
    const joined = new Map<string, { hash: Buffer; answer: Promise<Answer> }>();
    const coalescer = createCoalescer<Request<I>, Answer>({
      lanes: LANES,
      itemsPerLane: ITEMS_PER_LANE,
      maximumItems: MAXIMUM_ITEMS,
      maximumWeight: MAXIMUM_WEIGHT,
      maximumWaiting: MAXIMUM_WAITING,
      weigh: (request) => options.weigh(request.item),
      isCommon: isDatabaseAway,
      run: (organizationId, requests, lane) =>
        retryConflicts(() =>
          systemContext(services, organizationId, options.operation).transact((ctx) =>
            options.record(ctx, requests, lane),
          ),
        ),
    });
    return {
      submit: async (ctx, item, headers, input) => {
        const once = readOnce(headers, options.operation, input);
        if (once === undefined) return coalescer.submit(ctx.organizationId, { item, once });
        const name = `${ctx.organizationId} ${once.key}`;
        const running = joined.get(name);
        if (running !== undefined) {
          if (Buffer.compare(running.hash, once.hash) !== 0) throw keyReused();
          return { ...(await running.answer), headers: REPLAYED };
        }
        const answer = coalescer.submit(ctx.organizationId, { item, once });
        joined.set(name, { hash: once.hash, answer });
        return answer.finally(() => joined.delete(name));
      },
    };
  });
  return (ctx) => instance(ctx.services);
}

let turn = 0;

/**
 * Stores a whole request in a transaction of its own, once for its Idempotency-Key. Requests take turns between the lanes, so
 * that two at a time want different rows of the counters.
 */
export function ingestOnce(
  ctx: Context,
  request: { operation: string; headers: Headers; input: unknown },
  work: (ctx: TenantContext, lane: number) => Promise<Answer>,
): Promise<Answer> {
  const once = readOnce(request.headers, request.operation, request.input);
  turn = (turn + 1) % 1024;
  const lane = turn;
  return retryConflicts(() =>
    ctx.transact((tenant) =>
      once === undefined
        ? work(tenant, lane)
        : onceForKey(tenant, once.key, request.operation, once.hash, () => work(tenant, lane)),
    ),
  );
}
