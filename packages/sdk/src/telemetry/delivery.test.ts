import { describe, expect, it } from "vitest";
import type { LearningError } from "../errors.ts";
import { type ManualClock, manualClock, settle } from "../transport/clock.testing.ts";
import { createDelivery, type Delivery } from "./delivery.ts";
import { createItem, type Item, type Lane } from "./item.ts";
import type { Journal } from "./journal.ts";
import { createQueue, type Queue } from "./queue.ts";
import type { SendVerdict } from "./send.ts";
import { emptyStatistics, type EvidenceStatistics } from "./statistics.ts";

const ACCEPTED: SendVerdict = { kind: "accepted" };
const UNREACHABLE: SendVerdict = { kind: "unreachable", cause: "network", reason: "refused" };

interface Bench {
  clock: ManualClock;
  queue: Queue;
  delivery: Delivery;
  statistics: EvidenceStatistics;
  errors: LearningError[];
  requests: { lane: Lane; count: number; at: number }[];
  add: (lane: Lane, count: number) => void;
}

interface BenchOptions {
  answer?: (lane: Lane, items: readonly Item[], signal: AbortSignal) => SendVerdict | Promise<SendVerdict>;
  gate?: Promise<void>;
  journal?: Journal;
  maxItems?: number;
}

function bench(options: BenchOptions = {}): Bench {
  const { answer = () => ACCEPTED, gate = Promise.resolve(), journal, maxItems = 100_000 } = options;
  const clock = manualClock();
  const statistics = emptyStatistics();
  const errors: LearningError[] = [];
  const requests: Bench["requests"] = [];
  const report = (error: LearningError): void => void errors.push(error);
  const limits = { maxItems, maxBytes: 1e9 };
  const queue = createQueue({ limits, journal, statistics, report, clock });
  const delivery = createDelivery({
    queue,
    clock,
    statistics,
    report,
    gate,
    flushIntervalMilliseconds: 1_000,
    maxAgeMilliseconds: 3_600_000,
    send: async (lane, items, signal) => {
      requests.push({ lane, count: items.length, at: clock.monotonic() });
      return answer(lane, items, signal);
    },
  });
  let made = 0;
  const add = (lane: Lane, count: number): void => {
    for (let i = 0; i < count; i += 1) {
      made += 1;
      queue.offer(createItem(`k${made}`, lane, "{}", clock.now()));
      delivery.notice(lane);
    }
  };
  return { clock, queue, delivery, statistics, errors, requests, add };
}

describe("delivery", () => {
  it("waits a little for a batch to fill, and sends it then", async () => {
    const { clock, requests, add } = bench();
    add("executions", 3);
    await clock.advance(500);
    add("executions", 4);
    await clock.advance(499);
    expect(requests).toEqual([]);
    await clock.advance(1);
    expect(requests).toEqual([{ lane: "executions", count: 7, at: 1_000 }]);
    await clock.advance(60_000);
    expect(requests).toHaveLength(1);
  });

  it("sends a full batch at once, and feedback without waiting", async () => {
    const { requests, add } = bench();
    add("executions", 1_200);
    add("feedback", 2);
    await settle();
    const counts = (of: Lane): number[] =>
      requests.filter(({ lane }) => lane === of).map(({ count }) => count);
    expect(counts("feedback")).toEqual([1, 1]);
    expect(counts("executions")).toEqual([500, 500]);
  });

  it("runs eight requests for feedback side by side, one for executions", async () => {
    let running = 0;
    const most = { executions: 0, feedback: 0, retrievals: 0, outcomes: 0, demonstrations: 0 };
    const { clock, add, statistics } = bench({
      answer: async (lane) => {
        running += 1;
        most[lane] = Math.max(most[lane], running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return ACCEPTED;
      },
    });
    add("feedback", 40);
    await clock.advance(10);
    add("executions", 2_000);
    await clock.advance(10);
    expect([most.feedback, most.executions]).toEqual([8, 1]);
    expect(statistics.delivered).toBe(2_040);
  });

  it("comes back ever more slowly while the server is away, and at full speed when it is back", async () => {
    let up = false;
    const { clock, requests, add, statistics } = bench({ answer: () => (up ? ACCEPTED : UNREACHABLE) });
    add("feedback", 20);
    await clock.advance(120_000);
    const times = requests.map(({ at }) => at);
    expect(times.slice(0, 8)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(times.slice(8)).toEqual([375, 1_125, 2_625, 5_625, 11_625, 23_625, 47_625, 92_625]);
    expect(statistics.dropped.full).toBe(0);
    up = true;
    await clock.advance(60_000);
    expect(statistics.delivered).toBe(20);
  });

  it("waits out Retry-After", async () => {
    let busy = true;
    const { clock, requests, add } = bench({
      answer: () =>
        busy
          ? {
              kind: "retry",
              cause: "unavailable",
              status: 429,
              reason: "busy",
              suspect: false,
              retryAfter: 9_000,
            }
          : ACCEPTED,
    });
    add("executions", 1);
    await clock.advance(1_000);
    busy = false;
    await clock.advance(8_999);
    expect(requests).toHaveLength(1);
    await clock.advance(500);
    expect(requests).toHaveLength(2);
  });

  it("sends nothing before the gate opens", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { clock, requests, add } = bench({ gate: promise });
    add("feedback", 1);
    await clock.advance(5_000);
    expect(requests).toEqual([]);
    resolve();
    await clock.advance(0);
    expect(requests).toHaveLength(1);
  });

  it("drops what is too old, with its number", async () => {
    const { clock, add, statistics, errors, queue } = bench({ answer: () => UNREACHABLE });
    add("executions", 2);
    await clock.advance(3_600_000);
    add("executions", 1);
    await clock.advance(120_000);
    expect(statistics.dropped.expired).toBe(2);
    expect(errors.find(({ kind }) => kind === "dropped")).toMatchObject({ lost: 2 });
    expect(queue.inMemory().items).toBe(1);
  });

  it("survives a send that throws", async () => {
    let broken = true;
    const { clock, add, statistics, errors } = bench({
      answer: () => {
        if (broken) throw new Error("bug");
        return ACCEPTED;
      },
    });
    add("feedback", 1);
    await clock.advance(10);
    expect(errors[0]?.message).toContain("bug");
    broken = false;
    await clock.advance(60_000);
    expect(statistics.delivered).toBe(1);
  });
});

describe("flush", () => {
  it("ends lingering and pauses, and resolves when nothing is left", async () => {
    let up = false;
    const { clock, add, delivery, statistics, requests } = bench({
      answer: () => (up ? ACCEPTED : UNREACHABLE),
    });
    add("executions", 3);
    add("retrievals", 1);
    add("feedback", 1);
    await clock.advance(100_000);
    up = true;
    const before = requests.length;
    const flushed = delivery.flush(5_000);
    await settle();
    expect(await flushed).toBe(true);
    expect([requests.length - before, statistics.delivered]).toEqual([3, 5]);
    expect(await delivery.flush(5_000)).toBe(true);
  });

  it("gives up after its time, without a storm of requests", async () => {
    const { clock, add, delivery, requests } = bench({ answer: () => UNREACHABLE });
    add("executions", 3);
    let result: boolean | undefined;
    void delivery.flush(5_000).then((flushed) => (result = flushed));
    await clock.advance(4_999);
    expect(result).toBeUndefined();
    await clock.advance(1);
    expect(result).toBe(false);
    expect(requests.length).toBeLessThan(6);
  });

  it("brings back what is in the journal alone", async () => {
    const left = [1, 2, 3].map((n) => createItem(`old-${n}`, "feedback", "{}", Date.now() * 2));
    const journal: Journal = {
      append: () => true,
      strike: () => undefined,
      hasMore: () => left.length > 0,
      load: async () => ({ items: left.splice(0, 1), replayed: 1, lost: 0 }),
      written: async () => true,
      usage: () => ({ bytes: 0, items: left.length, corruptLines: 0 }),
      close: async () => undefined,
    };
    const { delivery, statistics } = bench({ journal, maxItems: 10 });
    const flushed = delivery.flush(5_000);
    await settle();
    expect(await flushed).toBe(true);
    expect(statistics).toMatchObject({ replayed: 3, delivered: 3 });
  });
});

it("gives up running requests when stopped, and keeps their items", async () => {
  const { clock, add, delivery, queue, requests } = bench({
    answer: (_lane, _items, signal) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve({ kind: "given_up" }))),
  });
  add("feedback", 3);
  await settle();
  const flushed = delivery.flush(60_000);
  delivery.stop();
  await settle();
  expect(await flushed).toBe(false);
  expect(queue.waiting("feedback")).toBe(3);
  await clock.advance(600_000);
  expect(requests).toHaveLength(3);
});
