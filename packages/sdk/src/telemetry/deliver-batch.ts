import { LearningError, type LearningErrorKind, type Report } from "../errors.ts";
import type { Item, Lane } from "./item.ts";
import type { Queue } from "./queue.ts";
import type { Send, SendVerdict } from "./send.ts";
import type { EvidenceStatistics } from "./statistics.ts";

/** How a batch ended. `retry`: some of it is in the queue again, and the lane should wait. */
export type Outcome =
  | { kind: "settled" }
  | { kind: "retry"; retryAfter: number | undefined; slowly: boolean };

export interface DeliverOptions {
  queue: Queue;
  send: Send;
  statistics: EvidenceStatistics;
  report: Report;
  /** Calls back after so many milliseconds; keeps no process alive. */
  later: (milliseconds: number, work: () => void) => void;
}

// An outcome may overtake what exposes its unit, a demonstration its execution. It is tried again after 1, 2, 4 … seconds, four minutes in all.
const EARLY_TRIES = 8;

// A batch that breaks the server this often is taken apart, with at most so many failures in one round: enough to find one
// bad item among 500, and no storm on a server that is broken for all.
const SPLIT_AFTER_SUSPICIONS = 3;
const MOST_FAILURES_IN_A_ROUND = 12;
// A single item that breaks the server again and again, while others get through in between, is given up.
const DROP_AFTER_CONVICTIONS = 5;

const SETTLED: Outcome = { kind: "settled" };

type Retry = Extract<SendVerdict, { kind: "retry" }>;
type Rejection = Extract<SendVerdict, { kind: "rejected" }>;

/** Delivers a batch as far as it goes: what the server refuses is told apart from the rest, which is not lost with it. */
export function createDeliverBatch(
  options: DeliverOptions,
): (lane: Lane, batch: readonly Item[], signal: AbortSignal) => Promise<Outcome> {
  const { queue, send, statistics, report, later } = options;
  const deliveredOf: Record<Lane, number> = {
    executions: 0,
    feedback: 0,
    retrievals: 0,
    outcomes: 0,
    demonstrations: 0,
  };

  const reject = (lane: Lane, items: readonly Item[], status: number, reason: string): void => {
    const message = `${items.length} of ${lane} dropped: ${reason}`;
    queue.drop(items, "rejected", new LearningError("rejected", message, { status, lost: items.length }));
  };

  /** Refuses items for good, or has those that may only be early come back later. */
  const refuse = (lane: Lane, items: readonly Item[], { status, reason, early }: Rejection): void => {
    const waiting = early ? items.filter(({ suspicions }) => suspicions < EARLY_TRIES) : [];
    const gone = items.filter((item) => !waiting.includes(item));
    for (const item of waiting) {
      later(1_000 * 2 ** item.suspicions, () => queue.putBack(lane, [item], "back"));
      item.suspicions += 1;
    }
    if (gone.length > 0) reject(lane, gone, status, reason);
  };

  /** What is left to send after a refusal, in order. */
  const sortOut = (lane: Lane, batch: readonly Item[], verdict: Rejection): (readonly Item[])[] => {
    const { indexes, all } = verdict;
    if (all || batch.length === 1) {
      refuse(lane, batch, verdict);
      return [];
    }
    if (indexes.length === 0) return halves(batch);
    const bad = new Set(indexes);
    refuse(
      lane,
      batch.filter((_item, index) => bad.has(index)),
      verdict,
    );
    const rest = batch.filter((_item, index) => !bad.has(index));
    return rest.length === 0 ? [] : [rest];
  };

  /** Notes that a delivery failed in a way that may be the items' fault, and says what to do with them. */
  const suspect = (lane: Lane, batch: readonly Item[], verdict: Retry): "split" | "wait" | "dropped" => {
    for (const item of batch) {
      item.suspicions += 1;
      if (deliveredOf[lane] > (item.deliveredAtSuspicion ?? deliveredOf[lane])) item.convictions += 1;
      item.deliveredAtSuspicion = deliveredOf[lane];
    }
    const [first] = batch;
    if (first === undefined || batch.length > 1) {
      return (first?.suspicions ?? 0) >= SPLIT_AFTER_SUSPICIONS ? "split" : "wait";
    }
    if (first.convictions < DROP_AFTER_CONVICTIONS) return "wait";
    const { status, reason } = verdict;
    reject(lane, batch, status, `${reason}, ${first.suspicions} times, while others got through`);
    return "dropped";
  };

  return async (lane, batch, signal) => {
    let work: (readonly Item[])[] = [batch];
    let outcome: Outcome = SETTLED;
    let failures = 0;
    const stop = (current: readonly Item[], retryAfter?: number, slowly = false): Outcome => {
      queue.putBack(lane, [current, ...work].flat(), "front");
      return { kind: "retry", retryAfter, slowly };
    };
    for (;;) {
      const [current, ...rest] = work;
      if (current === undefined) return outcome;
      work = rest;
      const verdict = await send(lane, current, signal);
      if (verdict.kind === "accepted") {
        deliveredOf[lane] += current.length;
        queue.delivered(current);
      } else if (verdict.kind === "rejected") {
        work = [...sortOut(lane, current, verdict), ...rest];
      } else if (verdict.kind === "given_up") {
        return stop(current);
      } else {
        statistics.failedRequests += 1;
        reportFailure(report, verdict);
        if (verdict.kind === "unreachable") return stop(current);
        failures += 1;
        const fate = verdict.suspect ? suspect(lane, current, verdict) : "wait";
        if (fate !== "dropped" && failures >= MOST_FAILURES_IN_A_ROUND)
          return stop(current, verdict.retryAfter);
        if (fate === "split") work = [...halves(current), ...rest];
        else if (fate === "wait" && current.length === 1 && verdict.suspect) {
          // It may be this one alone: let the others pass.
          queue.putBack(lane, current, "back");
          outcome = { kind: "retry", retryAfter: verdict.retryAfter, slowly: false };
        } else if (fate === "wait") {
          return stop(current, verdict.retryAfter, verdict.cause === "unauthenticated");
        }
      }
    }
  };
}

function halves(batch: readonly Item[]): (readonly Item[])[] {
  const middle = Math.ceil(batch.length / 2);
  return [batch.slice(0, middle), batch.slice(middle)];
}

function reportFailure(
  report: Report,
  verdict: Exclude<SendVerdict, { kind: "accepted" | "rejected" | "given_up" }>,
): void {
  const kind: LearningErrorKind = verdict.cause;
  const status = verdict.kind === "retry" ? verdict.status : undefined;
  report(new LearningError(kind, `evidence is not delivered yet: ${verdict.reason}`, { status }));
}
