import type { Context, TenantContext } from "../../context.ts";
import { systemContext } from "../../create-context.ts";
import { isDatabaseAway } from "../../database/index.ts";
import {
  hashRequest,
  keyInFlight,
  keyReused,
  onceForKey,
  readIdempotencyKey,
  REPLAYED,
} from "../../http/idempotency.ts";
import type { Answer } from "../../http/route.ts";
import { createCoalescer } from "./coalescer.ts";
import type { Outcome } from "./outcome.ts";
import { perServices } from "./per-services.ts";
import { retryConflicts } from "./retry-conflicts.ts";
import { type KeyedAnswer, lockKeys, storeAnswers } from "./store.ts";

const LANES = 2;
const MAXIMUM_ITEMS = 200;
const MAXIMUM_WEIGHT = 4 * 1024 * 1024;
const MAXIMUM_WAITING = 10_000;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

interface Idempotency {
  key: string;
  hash: Buffer;
}

interface Request<I> {
  item: I;
  once: Idempotency | undefined;
}

export interface IngestOptions<I> {
  operation: string;
  /** Stores the items in the transaction of `ctx`; an item that cannot be stored is an error outcome, not a rejection. */
  record(ctx: TenantContext, items: readonly I[], lane: number): Promise<readonly Outcome<Answer>[]>;
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

function readOnce(headers: Headers, operation: string, input: unknown): Idempotency | undefined {
  const key = readIdempotencyKey(headers["idempotency-key"]);
  return key === undefined ? undefined : { key, hash: hashRequest(operation, undefined, undefined, input) };
}

async function replayKnown<I>(
  ctx: TenantContext,
  requests: readonly Request<I>[],
): Promise<(Outcome<Answer> | undefined)[]> {
  const keys = requests.flatMap(({ once }) => (once === undefined ? [] : [once.key]));
  if (keys.length === 0) return requests.map(() => undefined);
  const known = new Map((await lockKeys(ctx, keys)).map((row) => [row.key, row]));
  return requests.map(({ once }) => {
    const row = once === undefined ? undefined : known.get(once.key);
    if (once === undefined || row === undefined) return undefined;
    if (!row.taken) return { error: keyInFlight() };
    if (row.request_hash === null || row.response_status === null) return undefined;
    if (Buffer.compare(Buffer.from(row.request_hash), once.hash) !== 0) return { error: keyReused() };
    return { value: { status: row.response_status, body: row.response_body, headers: REPLAYED } };
  });
}

/** @returns the ingest of a process */
export function createIngest<I>(options: IngestOptions<I>): (ctx: Context) => Ingest<I> {
  async function recordAll(
    ctx: TenantContext,
    requests: readonly Request<I>[],
    lane: number,
  ): Promise<Outcome<Answer>[]> {
    const outcomes = await replayKnown(ctx, requests);
    const open = requests.flatMap((request, index) =>
      outcomes[index] === undefined ? [{ request, index }] : [],
    );
    const recorded = await options.record(
      ctx,
      open.map(({ request }) => request.item),
      lane,
    );
    const answers: KeyedAnswer[] = [];
    for (const [position, { request, index }] of open.entries()) {
      const outcome = recorded[position];
      outcomes[index] = outcome;
      if (request.once !== undefined && outcome !== undefined && "value" in outcome) {
        answers.push({ ...request.once, answer: outcome.value });
      }
    }
    if (answers.length > 0) await storeAnswers(ctx, options.operation, answers);
    return outcomes as Outcome<Answer>[];
  }

  const instance = perServices((services): Ingest<I> => {
    const joined = new Map<string, { hash: Buffer; answer: Promise<Answer> }>();
    const coalescer = createCoalescer<Request<I>, Answer>({
      lanes: LANES,
      maximumItems: MAXIMUM_ITEMS,
      maximumWeight: MAXIMUM_WEIGHT,
      maximumWaiting: MAXIMUM_WAITING,
      weigh: (request) => options.weigh(request.item),
      isCommon: isDatabaseAway,
      run: (organizationId, requests, lane) =>
        retryConflicts(() =>
          systemContext(services, organizationId, options.operation).transact((ctx) =>
            recordAll(ctx, requests, lane),
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

/** Stores a whole request in a transaction of its own, once for its Idempotency-Key. */
export function ingestOnce(
  ctx: Context,
  request: { operation: string; headers: Headers; input: unknown },
  work: (ctx: TenantContext) => Promise<Answer>,
): Promise<Answer> {
  const once = readOnce(request.headers, request.operation, request.input);
  return retryConflicts(() =>
    ctx.transact((tenant) =>
      once === undefined
        ? work(tenant)
        : onceForKey(tenant, once.key, request.operation, once.hash, () => work(tenant)),
    ),
  );
}
