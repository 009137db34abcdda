import { describe, expect, it } from "vitest";
import { ProblemError } from "../../http/problem-error.ts";
import { type CoalescerOptions, createCoalescer } from "./coalescer.ts";
import type { Outcome } from "./outcome.ts";

type Run = (items: readonly number[], organizationId: string, lane: number) => Promise<Outcome<string>[]>;

function coalescer(run: Run, options: Partial<CoalescerOptions<number, string>> = {}) {
  return createCoalescer<number, string>({
    run: (organizationId, items, lane) => run(items, organizationId, lane),
    lanes: 1,
    itemsPerLane: 1,
    maximumItems: 100,
    maximumWeight: 1_000,
    weigh: () => 1,
    maximumWaiting: 1_000,
    isCommon: (error) => error instanceof Error && error.message === "away",
    ...options,
  });
}

const named = (items: readonly number[]): Outcome<string>[] => items.map((item) => ({ value: `#${item}` }));

describe("createCoalescer", () => {
  it("shares one run between the callers of one turn, and answers each with its own outcome", async () => {
    const runs: (readonly number[])[] = [];
    const queue = coalescer(async (items) => {
      runs.push(items);
      return items.map((item) => (item === 2 ? { error: new Error("two") } : { value: `#${item}` }));
    });
    const settled = await Promise.allSettled([
      queue.submit("a", 1),
      queue.submit("a", 2),
      queue.submit("a", 3),
    ]);
    expect(runs).toEqual([[1, 2, 3]]);
    expect(settled.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("gathers what comes while a run is under way", async () => {
    const runs: number[] = [];
    const gate = Promise.withResolvers<void>();
    const queue = coalescer(async (items) => {
      runs.push(items.length);
      if (runs.length === 1) await gate.promise;
      return named(items);
    });
    const first = queue.submit("a", 0);
    await new Promise(setImmediate);
    const rest = Array.from({ length: 5 }, (_, index) => queue.submit("a", index + 1));
    gate.resolve();
    await Promise.all([first, ...rest]);
    expect(runs).toEqual([1, 5]);
  });

  it("keeps organizations apart, and gives concurrent runs of one organization different lanes", async () => {
    const seen: string[] = [];
    const gate = Promise.withResolvers<void>();
    const run: Run = async (items, organizationId, lane) => {
      seen.push(`${organizationId}${lane}:${items.join()}`);
      if (seen.length < 3) await gate.promise;
      else gate.resolve();
      return named(items);
    };
    const queue = coalescer(run, { lanes: 2 });
    const first = queue.submit("a", 1);
    await new Promise(setImmediate);
    const second = queue.submit("a", 2);
    await new Promise(setImmediate);
    await Promise.all([first, second, queue.submit("b", 3)]);
    expect(seen).toEqual(["a0:1", "a1:2", "b0:3"]);
  });

  it("opens a second lane only when enough wait", async () => {
    const seen: string[] = [];
    const gate = Promise.withResolvers<void>();
    const run: Run = async (items, _organizationId, lane) => {
      seen.push(`${lane}:${items.length}`);
      await gate.promise;
      return named(items);
    };
    const queue = coalescer(run, { lanes: 2, itemsPerLane: 3 });
    const calls: Promise<string>[] = [];
    for (let call = 0; call < 4; call += 1) {
      calls.push(queue.submit("a", call));
      await new Promise(setImmediate);
    }
    expect(seen).toEqual(["0:1", "1:3"]);
    gate.resolve();
    await Promise.all([...calls, queue.submit("a", 4)]);
    expect(seen).toHaveLength(3);
  });

  it("limits a run by number and by weight; a heavy item goes alone", async () => {
    const runs: (readonly number[])[] = [];
    const run: Run = async (items) => {
      runs.push(items);
      return named(items);
    };
    const queue = coalescer(run, { maximumItems: 3, maximumWeight: 10, weigh: (item) => item });
    await Promise.all([1, 1, 1, 1, 8, 5, 99, 1].map((item) => queue.submit("a", item)));
    expect(runs).toEqual([[1, 1, 1], [1, 8], [5], [99], [1]]);
  });

  it("tries the items of a failed run one by one, so that a bad one fails alone", async () => {
    const queue = coalescer(async (items) => {
      if (items.includes(2)) throw new Error("constraint");
      return named(items);
    });
    const settled = await Promise.allSettled([1, 2, 3].map((item) => queue.submit("a", item)));
    expect(settled.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("does not try one by one what would meet every item", async () => {
    let runs = 0;
    const queue = coalescer(async () => {
      runs += 1;
      throw new Error("away");
    });
    const settled = await Promise.allSettled([1, 2, 3].map((item) => queue.submit("a", item)));
    expect(settled.every((result) => result.status === "rejected")).toBe(true);
    expect(runs).toBe(1);
  });

  it("refuses with Retry-After when too many wait, and recovers", async () => {
    const gate = Promise.withResolvers<void>();
    const run: Run = async (items) => {
      await gate.promise;
      return named(items);
    };
    const queue = coalescer(run, { maximumWaiting: 2, maximumItems: 1 });
    const first = queue.submit("a", 1);
    await new Promise(setImmediate);
    const waiting = [queue.submit("a", 2), queue.submit("a", 3)];
    const refused = await queue.submit("a", 4).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ProblemError);
    expect(refused).toMatchObject({ type: "unavailable", retryAfterSeconds: 1 });
    gate.resolve();
    await Promise.all([first, ...waiting]);
    await expect(queue.submit("a", 5)).resolves.toBe("#5");
  });
});
