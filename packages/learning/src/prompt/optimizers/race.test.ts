import { describe, expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import { drain } from "../../testing/drain.ts";
import { bookOf } from "../../testing/trials.ts";
import { Ledger } from "../ledger.ts";
import type { Row } from "../rows.ts";
import type { OptimizerTools } from "./optimizer.ts";
import { race } from "./race.ts";
import type { Trial } from "./trial-book.ts";

const rows: Row[] = Array.from({ length: 100 }, (_, index) => ({ id: `r${index}`, input: "", expected: "" }));

/** Tools with a scripted score for each trial (by its place) and row; counts the calls. */
function toolsFor(
  book: ReturnType<typeof bookOf>,
  score: (trial: number, row: number) => number,
  calls?: number,
): OptimizerTools & { counted: Map<number, number> } {
  const ledger = new Ledger(calls === undefined ? {} : { calls });
  const counted = new Map<number, number>();
  return {
    counted,
    ledger,
    book,
    rows,
    random: createRandom(1),
    evaluate: async (trial: Trial, part) => {
      const number = trial.candidate.parameters["number"] as number;
      counted.set(number, (counted.get(number) ?? 0) + part.length);
      const evaluated = part.map((row) => {
        ledger.reserve("task").settle({ promptTokens: 1, completionTokens: 1 });
        return {
          rowId: row.id,
          output: "",
          score: score(number, Number(row.id.slice(1))),
          feedback: "",
          objectives: {},
          usage: { promptTokens: 1, completionTokens: 1 },
        };
      });
      book.record(trial, evaluated);
      return evaluated;
    },
  };
}

const empty = (count: number): ReturnType<typeof bookOf> =>
  bookOf(
    "model",
    Array.from({ length: count }, () => ({ scores: [], size: 8 })),
  );

describe("race", () => {
  test("drops losers early and keeps seed and leader to the end", async () => {
    const book = empty(4);
    // Trial 1 is right on 90 %, trial 2 on 20 %, trial 3 never, the seed on half.
    const right = [50, 90, 20, 0];
    const tools = toolsFor(book, (trial, row) => ((row * 37) % 100 < (right[trial] ?? 0) ? 1 : 0));
    const options = { optimizer: "test", trials: book.trials(), rows, blockSize: 20, keepShare: 1 };
    const { result, steps } = await drain(race(options, tools));
    expect(result).toBe("finished");
    expect(tools.counted.get(0)).toBe(100);
    expect(tools.counted.get(1)).toBe(100);
    expect(tools.counted.get(3)).toBe(20);
    expect(steps.at(-1)?.share).toBeCloseTo(1, 10);
  });

  test("never spends more than its budget", async () => {
    for (const calls of [0, 15, 39, 40, 90, 200]) {
      const book = empty(6);
      const tools = toolsFor(book, (trial, row) => (trial + row) % 2, calls);
      const options = { optimizer: "test", trials: book.trials(), rows, blockSize: 20, keepShare: 1 };
      const { result } = await drain(race(options, tools));
      expect(tools.ledger.total().calls).toBeLessThanOrEqual(calls);
      expect(result).toBe("budget");
      expect(tools.counted.has(1)).toBe(calls >= 40);
    }
  });

  test.each([
    ["metric_constant", 0.5],
    ["ceiling", 1],
  ])("ends with %s when every score is %d", async (reason, score) => {
    const book = empty(3);
    const tools = toolsFor(book, () => score);
    const options = { optimizer: "test", trials: book.trials(), rows, blockSize: 20, keepShare: 1 };
    expect((await drain(race(options, tools))).result).toBe(reason);
    expect(tools.counted.get(1)).toBe(20);
  });

  test("a share below 1 thins the field after each block", async () => {
    const book = empty(9);
    const tools = toolsFor(book, (trial, row) => ((row * 13 + trial) % 2 === 0 ? 1 : 0));
    const options = {
      optimizer: "test",
      trials: book.trials(),
      rows: rows.slice(0, 40),
      blockSize: 20,
      keepShare: 0.5,
    };
    await drain(race(options, tools));
    expect([...tools.counted.values()].filter((count) => count === 40).length).toBeLessThanOrEqual(5);
  });

  test("with nothing to race it asks nothing", async () => {
    const tools = toolsFor(empty(1), () => 1);
    const options = { optimizer: "test", trials: [], rows, blockSize: 20, keepShare: 1 };
    expect((await drain(race(options, tools))).result).toBe("finished");
    expect(tools.counted.size).toBe(0);
  });
});
