import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runBounded } from "./run-bounded.ts";

const later = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("runBounded", () => {
  test("results come in the order of the items and no more than the limit run at one time", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (delays, concurrency) => {
          let running = 0;
          let most = 0;
          const results = await runBounded({
            items: delays,
            concurrency,
            run: async (delay, index) => {
              running += 1;
              most = Math.max(most, running);
              await later(delay);
              running -= 1;
              return index;
            },
          });
          expect(results).toEqual([...delays.keys()]);
          expect(most).toBeLessThanOrEqual(concurrency);
          expect(most).toBe(Math.min(concurrency, delays.length));
        },
      ),
      { numRuns: 20 },
    );
  });

  test("reports progress after each item", async () => {
    const seen: number[] = [];
    await runBounded({
      items: ["a", "b", "c"],
      concurrency: 1,
      run: async (item) => item,
      onDone: ({ done, total }) => seen.push(done / total),
    });
    expect(seen).toEqual([1 / 3, 2 / 3, 1]);
  });

  test("after an error nothing more starts and what runs is awaited", async () => {
    const started: number[] = [];
    let finished = 0;
    const attempt = runBounded({
      items: [0, 1, 2, 3, 4],
      concurrency: 2,
      run: async (item) => {
        started.push(item);
        if (item === 0) throw new Error("no");
        await later(5);
        finished += 1;
      },
    });
    await expect(attempt).rejects.toThrow("no");
    expect(started).toEqual([0, 1]);
    expect(finished).toBe(1);
  });

  test("an aborted signal stops it with the signal's reason", async () => {
    const controller = new AbortController();
    let started = 0;
    const attempt = runBounded({
      items: [1, 2, 3, 4],
      concurrency: 1,
      signal: controller.signal,
      run: async () => {
        started += 1;
        if (started === 2) controller.abort(new Error("stopped by a person"));
      },
    });
    await expect(attempt).rejects.toThrow("stopped by a person");
    expect(started).toBe(2);
  });

  test("other work gets its turn during long runs of quick items", async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    await runBounded({
      items: Array.from({ length: 3000 }),
      concurrency: 1,
      run: async () => {
        for (let spin = 0; spin < 20_000; spin += 1) Math.sqrt(spin);
      },
    });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });

  test("refuses a concurrency below 1", async () => {
    await expect(runBounded({ items: [1], concurrency: 0, run: async () => 1 })).rejects.toThrow(RangeError);
  });
});
