import { describe, expect, it } from "vitest";
import type { LearningError } from "../errors.ts";
import { manualClock } from "../transport/clock.testing.ts";
import { createDeliverBatch, type Outcome } from "./deliver-batch.ts";
import { createItem, type Item } from "./item.ts";
import { createQueue, type Queue } from "./queue.ts";
import type { SendVerdict } from "./send.ts";
import { emptyStatistics, type EvidenceStatistics } from "./statistics.ts";

const ACCEPTED: SendVerdict = { kind: "accepted" };
const UNREACHABLE: SendVerdict = { kind: "unreachable", cause: "network", reason: "refused" };
const BROKEN: SendVerdict = {
  kind: "retry",
  cause: "unavailable",
  status: 500,
  reason: "the server answered 500",
  suspect: true,
  retryAfter: undefined,
};
const refused = (indexes: number[], all = false): SendVerdict => ({
  kind: "rejected",
  status: all ? 403 : 422,
  reason: "no",
  indexes,
  all,
  early: false,
});

interface Bench {
  queue: Queue;
  statistics: EvidenceStatistics;
  errors: LearningError[];
  requests: string[];
  /** Takes the next batch of executions and delivers it. */
  deliver: () => Promise<Outcome>;
}

/** @param answer what the server says to the keys of a request */
function bench(keys: string, answer: (keys: string) => SendVerdict): Bench {
  const statistics = emptyStatistics();
  const errors: LearningError[] = [];
  const requests: string[] = [];
  const report = (error: LearningError): void => void errors.push(error);
  const limits = { maxItems: 1e6, maxBytes: 1e9 };
  const queue = createQueue({ limits, journal: undefined, statistics, report, clock: manualClock() });
  for (const key of keys) queue.offer(createItem(key, "executions", "{}", 0));
  const send = async (_lane: string, items: readonly Item[]): Promise<SendVerdict> => {
    const sent = items.map(({ key }) => key).join("");
    requests.push(sent);
    return answer(sent);
  };
  const later = (): void => undefined;
  const deliverBatch = createDeliverBatch({ queue, send, statistics, report, later });
  const { signal } = new AbortController();
  const deliver = (): Promise<Outcome> => deliverBatch("executions", queue.take("executions"), signal);
  return { queue, statistics, errors, requests, deliver };
}

const waiting = (queue: Queue): string =>
  queue
    .take("executions")
    .map(({ key }) => key)
    .join("");

describe("deliverBatch", () => {
  it("delivers in one request", async () => {
    const { deliver, requests, statistics, queue } = bench("abc", () => ACCEPTED);
    expect(await deliver()).toEqual({ kind: "settled" });
    expect([requests, statistics.delivered, queue.isEmpty()]).toEqual([["abc"], 3, true]);
  });

  it("drops the items that the server names and delivers the rest", async () => {
    const { deliver, requests, statistics, errors } = bench("abcd", (keys) =>
      keys === "abcd" ? refused([1, 3]) : ACCEPTED);
    await deliver();
    expect(requests).toEqual(["abcd", "ac"]);
    expect(statistics).toMatchObject({ delivered: 2, dropped: { rejected: 2 } });
    expect(errors.map(({ kind, status, lost }) => [kind, status, lost])).toEqual([["rejected", 422, 2]]);
  });

  it("finds the bad one by halves when the server names none", async () => {
    const { deliver, requests, statistics } = bench("abcdefgh", (keys) =>
      keys.includes("f") ? refused([]) : ACCEPTED);
    expect(await deliver()).toEqual({ kind: "settled" });
    expect(requests).toEqual(["abcdefgh", "abcd", "efgh", "ef", "e", "f", "gh"]);
    expect(statistics).toMatchObject({ delivered: 7, dropped: { rejected: 1 }, failedRequests: 0 });
  });

  it("drops all at once when the key may not do it", async () => {
    const { deliver, requests, statistics } = bench("abcd", () => refused([], true));
    await deliver();
    expect([requests.length, statistics.dropped.rejected]).toEqual([1, 4]);
  });

  it("keeps everything, in order, when the server goes away in the middle", async () => {
    const { deliver, queue, statistics, errors } = bench("abcdef", (keys) =>
      keys === "abcdef" ? refused([]) : keys === "abc" ? ACCEPTED : UNREACHABLE);
    expect(await deliver()).toEqual({ kind: "retry", retryAfter: undefined, slowly: false });
    expect(statistics).toMatchObject({ delivered: 3, dropped: { rejected: 0 }, failedRequests: 1 });
    expect(errors.map(({ kind }) => kind)).toEqual(["network"]);
    expect(waiting(queue)).toBe("def");
  });

  it("passes on Retry-After, and waits longer for a key that is not accepted", async () => {
    const busy = bench("a", () => ({ ...BROKEN, status: 429, suspect: false, retryAfter: 7_000 }));
    expect(await busy.deliver()).toEqual({ kind: "retry", retryAfter: 7_000, slowly: false });
    const denied = bench("a", () => ({ ...BROKEN, cause: "unauthenticated", suspect: false }) as SendVerdict);
    expect(await denied.deliver()).toMatchObject({ slowly: true });
    expect(denied.errors[0]?.kind).toBe("unauthenticated");
    expect(waiting(denied.queue)).toBe("a");
  });

  it("says nothing of a request that it gave up itself", async () => {
    const { deliver, queue, errors } = bench("ab", () => ({ kind: "given_up" }));
    expect((await deliver()).kind).toBe("retry");
    expect([errors, waiting(queue)]).toEqual([[], "ab"]);
  });
});

describe("an item that breaks the server", () => {
  it("is found among the others after some attempts, and given up while they get through", async () => {
    let later = 0;
    const { deliver, queue, statistics, errors } = bench("abcdefgh", (keys) =>
      keys.includes("f") ? BROKEN : ACCEPTED);
    for (let round = 0; round < 20 && !queue.isEmpty(); round += 1) {
      await deliver();
      later += 1;
      queue.offer(createItem(`later-${later}`, "executions", "{}", 0));
    }
    expect(statistics.dropped).toMatchObject({ rejected: 1 });
    expect(errors.at(-1)?.message).toContain("while others got through");
    expect(statistics.delivered).toBe(7 + later - queue.waiting("executions"));
  });

  it("is kept while the server is broken for all, without a storm of requests", async () => {
    const keys = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const { deliver, queue, statistics, requests } = bench(keys, () => BROKEN);
    for (let round = 0; round < 20; round += 1) await deliver();
    expect(statistics).toMatchObject({ delivered: 0, dropped: { rejected: 0 } });
    expect(queue.waiting("executions")).toBe(52);
    expect(requests.length).toBeLessThanOrEqual(20 * 12);
  });
});

describe("outcomes that come before their unit's exposure", () => {
  function outcomes(keys: string, exposed: (key: string, attempt: number) => boolean) {
    const statistics = emptyStatistics();
    const requests: string[] = [];
    const clock = manualClock();
    const limits = { maxItems: 1e6, maxBytes: 1e9 };
    const report = (): void => undefined;
    const queue = createQueue({ limits, journal: undefined, statistics, report, clock });
    for (const key of keys) queue.offer(createItem(key, "outcomes", "{}", 0));
    const attempts = new Map<string, number>();
    const send = async (_lane: string, items: readonly Item[]): Promise<SendVerdict> => {
      requests.push(items.map(({ key }) => key).join(""));
      const strangers = items.flatMap(({ key }, index) => {
        attempts.set(key, (attempts.get(key) ?? 0) + 1);
        return exposed(key, attempts.get(key) ?? 0) ? [] : [index];
      });
      if (strangers.length === 0) return ACCEPTED;
      return { kind: "rejected", status: 422, reason: "no", indexes: strangers, all: false, early: true };
    };
    const later = (milliseconds: number, work: () => void): void => void clock.after(milliseconds, work);
    const deliverBatch = createDeliverBatch({ queue, send, statistics, report, later });
    const deliver = () => deliverBatch("outcomes", queue.take("outcomes"), new AbortController().signal);
    return { queue, statistics, requests, clock, deliver };
  }

  it("come back later, and hold up nobody", async () => {
    const { queue, statistics, requests, clock, deliver } = outcomes(
      "abc",
      (key, attempt) => key !== "b" || attempt > 2,
    );
    expect(await deliver()).toEqual({ kind: "settled" });
    expect([requests, statistics.delivered, queue.waiting("outcomes")]).toEqual([["abc", "ac"], 2, 0]);
    expect(queue.isEmpty()).toBe(false);
    await clock.advance(1_000);
    await deliver();
    expect([statistics.delivered, queue.waiting("outcomes")]).toEqual([2, 0]);
    await clock.advance(2_000);
    await deliver();
    expect([requests.at(-1), statistics.delivered, queue.isEmpty()]).toEqual(["b", 3, true]);
  });

  it("are given up after four minutes", async () => {
    const { queue, statistics, requests, clock, deliver } = outcomes("a", () => false);
    for (let round = 0; round < 12 && !queue.isEmpty(); round += 1) {
      await deliver();
      await clock.advance(300_000);
    }
    expect([requests.length, statistics.dropped.rejected, queue.isEmpty()]).toEqual([9, 1, true]);
  });
});
