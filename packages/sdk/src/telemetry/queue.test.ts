import { describe, expect, it } from "vitest";
import { LearningError } from "../errors.ts";
import { manualClock } from "../transport/clock.testing.ts";
import { createItem, type Item, type Lane } from "./item.ts";
import type { Journal, Loaded } from "./journal.ts";
import { createQueue, type Queue } from "./queue.ts";
import { emptyStatistics, type EvidenceStatistics } from "./statistics.ts";

let made = 0;
const item = (lane: Lane = "executions", length = 2): Item => {
  made += 1;
  return createItem(`k${made}`, lane, "x".repeat(length), 0);
};

interface Bench {
  queue: Queue;
  statistics: EvidenceStatistics;
  errors: LearningError[];
  clock: ReturnType<typeof manualClock>;
}

function bench(maxItems: number, maxBytes = 1e9, journal?: Journal): Bench {
  const statistics = emptyStatistics();
  const errors: LearningError[] = [];
  const clock = manualClock();
  const report = (error: LearningError): void => void errors.push(error);
  const queue = createQueue({ limits: { maxItems, maxBytes }, journal, statistics, report, clock });
  return { queue, statistics, errors, clock };
}

/** A journal in memory, which keeps what a real one would have on disk. */
function fakeJournal(room: number): Journal & { disk: Map<string, Item>; only: Item[] } {
  const disk = new Map<string, Item>();
  const only: Item[] = [];
  return {
    disk,
    only,
    append: (each, inMemory) => {
      if (disk.size >= room) return false;
      disk.set(each.key, each);
      if (!inMemory) only.push(each);
      return true;
    },
    strike: (items) => {
      for (const { key } of items) disk.delete(key);
    },
    hasMore: () => only.length > 0,
    load: async (): Promise<Loaded> => ({ items: only.splice(0, 3), replayed: 0, lost: 0 }),
    written: async () => true,
    usage: () => ({ bytes: 0, items: only.length, corruptLines: 0 }),
    close: async () => undefined,
  };
}

describe("without a journal", () => {
  it("refuses the newest beyond its bounds, counts every one and reports now and then", async () => {
    const { queue, statistics, errors, clock } = bench(10);
    const taken = Array.from({ length: 14 }, () => queue.offer(item())).filter(Boolean).length;
    expect(taken).toBe(9);
    expect(queue.inMemory().items).toBe(9);
    expect(statistics).toMatchObject({ recorded: 9, dropped: { full: 5 } });
    expect(errors.map(({ kind, lost }) => [kind, lost])).toEqual([["dropped", 1]]);
    await clock.advance(10_000);
    queue.offer(item());
    expect(errors.map(({ lost }) => lost)).toEqual([1, 5]);
  });

  it("keeps the last tenth of its room for feedback", () => {
    const { queue } = bench(10);
    for (let i = 0; i < 20; i += 1) queue.offer(item());
    expect([queue.offer(item("feedback")), queue.offer(item("feedback"))]).toEqual([true, false]);
  });

  it("is bounded in bytes too", () => {
    const { queue, statistics } = bench(1_000, 10_000);
    for (let i = 0; i < 20; i += 1) queue.offer(item("executions", 1_000));
    expect(queue.inMemory()).toEqual({ items: 7, bytes: 8_400 });
    expect(statistics.dropped.full).toBe(13);
    expect(queue.offer(item("feedback", 20_000))).toBe(false);
  });

  it("counts what is on the way until it is settled", () => {
    const { queue, statistics, errors } = bench(2);
    expect(queue.offer(item())).toBe(true);
    const batch = queue.take("executions");
    expect(queue.offer(item())).toBe(false);
    expect(queue.isEmpty()).toBe(false);
    queue.putBack("executions", batch, "front");
    expect(queue.waiting("executions")).toBe(1);
    queue.delivered(queue.take("executions"));
    expect(queue.inMemory()).toEqual({ items: 0, bytes: 0 });
    expect(queue.isEmpty()).toBe(true);
    queue.offer(item());
    queue.drop(queue.take("executions"), "rejected", new LearningError("rejected", "no", { lost: 1 }));
    expect(statistics).toMatchObject({ delivered: 1, dropped: { rejected: 1, full: 1 } });
    expect(errors.at(-1)?.kind).toBe("rejected");
    expect(queue.isEmpty()).toBe(true);
  });

  it("has lanes of their own, and an end to its line", () => {
    const { queue } = bench(100);
    const [a, b, c] = [item(), item(), item("retrievals")];
    for (const each of [a, b, c]) queue.offer(each);
    expect(queue.take("retrievals")).toEqual([c]);
    expect(queue.take("feedback")).toEqual([]);
    queue.putBack("executions", queue.take("executions").slice(0, 1), "back");
    queue.putBack("executions", [b], "back");
    expect(queue.take("executions")).toEqual([a, b]);
  });
});

describe("with a journal", () => {
  it("puts what does not fit on disk alone, and brings it back when there is room", async () => {
    const journal = fakeJournal(100);
    const { queue, statistics } = bench(10, 1e9, journal);
    const all = Array.from({ length: 20 }, () => item());
    for (const each of all) expect(queue.offer(each)).toBe(true);
    expect(statistics).toMatchObject({ recorded: 20, dropped: { full: 0 } });
    expect([queue.inMemory().items, journal.only.length, journal.disk.size]).toEqual([9, 11, 20]);
    expect(await queue.refill()).toBe(false);
    const seen: Item[] = [];
    while (!queue.isEmpty()) {
      const batch = queue.take("executions");
      seen.push(...batch);
      queue.delivered(batch);
      await queue.refill();
      expect(queue.inMemory().items).toBeLessThanOrEqual(10);
    }
    expect(seen).toEqual(all);
    expect(journal.disk.size).toBe(0);
  });

  it("drops only when the disk is full too", () => {
    const { queue, statistics } = bench(10, 1e9, fakeJournal(12));
    for (let i = 0; i < 15; i += 1) queue.offer(item());
    expect(statistics).toMatchObject({ recorded: 12, dropped: { full: 3 } });
  });

  it("refills once at a time and counts what was replayed or lost", async () => {
    const journal = fakeJournal(100);
    let loads = 0;
    const more = (): boolean => loads === 0;
    const { queue, statistics, errors } = bench(10, 1e9, {
      ...journal,
      hasMore: more,
      load: async () => {
        loads += 1;
        return { items: [item(), item()], replayed: 2, lost: 3 };
      },
    });
    expect(await Promise.all([queue.refill(), queue.refill()])).toEqual([true, false]);
    expect(loads).toBe(1);
    expect(statistics).toMatchObject({ replayed: 2, dropped: { storage: 3 } });
    expect(errors[0]).toMatchObject({ kind: "storage", lost: 3 });
    expect(queue.waiting("executions")).toBe(2);
  });
});
