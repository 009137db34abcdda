import { ProblemError } from "../../http/problem-error.ts";
import type { Outcome } from "./outcome.ts";

export interface CoalescerOptions<I, O> {
  /** Does the work of all items in one transaction, and resolves after its commit with one outcome for each. */
  run(organizationId: string, items: readonly I[], lane: number): Promise<readonly Outcome<O>[]>;
  /** Transactions of one organization at a time. */
  lanes: number;
  /** Items that must wait before another lane is opened beside one that is busy: few callers share one transaction. */
  itemsPerLane: number;
  /** Items of one transaction at most. */
  maximumItems: number;
  /** Size of one transaction's items, in the unit of `weigh`, at most; a heavier item goes alone. */
  maximumWeight: number;
  weigh(item: I): number;
  /** Items of one organization that may wait. Beyond it, callers are told to come again: fails closed. */
  maximumWaiting: number;
  /** True for an error that would meet every item alike, such as a database that is away. */
  isCommon(error: unknown): boolean;
}

/** Lets concurrent callers of one organization share transactions. */
export interface Coalescer<I, O> {
  /** Resolves after the commit of the transaction that carried the item. */
  submit(organizationId: string, item: I): Promise<O>;
}

interface Waiting<I, O> {
  item: I;
  resolve(value: O): void;
  reject(error: unknown): void;
}

interface Queue<I, O> {
  waiting: Waiting<I, O>[];
  freeLanes: number[];
  scheduled: boolean;
}

/**
 * Batches by what has gathered while earlier transactions ran: a lone caller is never delayed, many callers share commits.
 * When a transaction fails, its items are tried one by one, so that a bad one fails alone.
 */
export function createCoalescer<I, O>(options: CoalescerOptions<I, O>): Coalescer<I, O> {
  const queues = new Map<string, Queue<I, O>>();

  function takeBatch(waiting: Waiting<I, O>[]): Waiting<I, O>[] {
    let weight = 0;
    let length = 0;
    while (length < waiting.length && length < options.maximumItems) {
      weight += options.weigh((waiting[length] as Waiting<I, O>).item);
      if (length > 0 && weight > options.maximumWeight) break;
      length += 1;
    }
    return waiting.splice(0, length);
  }

  function settle(batch: readonly Waiting<I, O>[], outcomes: readonly Outcome<O>[]): void {
    for (const [index, caller] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) caller.reject(new Error("a batch answered fewer items than it was given"));
      else if ("error" in outcome) caller.reject(outcome.error);
      else caller.resolve(outcome.value);
    }
  }

  async function runBatch(organizationId: string, batch: Waiting<I, O>[], lane: number): Promise<void> {
    try {
      const items = batch.map((caller) => caller.item);
      settle(batch, await options.run(organizationId, items, lane));
    } catch (error) {
      if (batch.length === 1 || options.isCommon(error)) {
        for (const caller of batch) caller.reject(error);
        return;
      }
      for (const caller of batch) await runBatch(organizationId, [caller], lane);
    }
  }

  function pump(organizationId: string, queue: Queue<I, O>): void {
    queue.scheduled = false;
    while (queue.waiting.length > 0) {
      const idle = queue.freeLanes.length === options.lanes;
      if (!idle && queue.waiting.length < options.itemsPerLane) return;
      const lane = queue.freeLanes.shift();
      if (lane === undefined) return;
      void runBatch(organizationId, takeBatch(queue.waiting), lane).then(() => {
        queue.freeLanes.push(lane);
        if (queue.waiting.length > 0) pump(organizationId, queue);
        else if (queue.freeLanes.length === options.lanes && !queue.scheduled) queues.delete(organizationId);
      });
    }
  }

  return {
    submit: (organizationId, item) =>
      new Promise<O>((resolve, reject) => {
        let queue = queues.get(organizationId);
        if (queue === undefined) {
          const freeLanes = Array.from({ length: options.lanes }, (_, lane) => lane);
          queue = { waiting: [], freeLanes, scheduled: false };
          queues.set(organizationId, queue);
        }
        if (queue.waiting.length >= options.maximumWaiting) {
          reject(
            new ProblemError(
              "unavailable",
              "More is coming in than the database takes at the moment; nothing was stored. Send the same request again.",
              { retryAfterSeconds: 1 },
            ),
          );
          return;
        }
        queue.waiting.push({ item, resolve, reject });
        if (queue.scheduled || queue.freeLanes.length === 0) return;
        queue.scheduled = true;
        const scheduled = queue;
        // After the requests that this turn of the event loop has read.
        setImmediate(() => pump(organizationId, scheduled));
      }),
  };
}
