import { describe, expect, test } from "vitest";
import { drain } from "../../testing/drain.ts";
import { MESSAGES } from "../../testing/messages.ts";
import { imitatingModel } from "../../testing/scripted-model.ts";
import type { Candidate } from "../candidate.ts";
import { exact } from "../evaluators/exact.ts";
import type { OptimizationResult } from "./optimization-result.ts";
import { optimizePrompt } from "./optimize-prompt.ts";
import type { Optimizer, OptimizerTools } from "./optimizer.ts";

const seed: Candidate = { runtime: "model", components: {}, demonstrations: [], parameters: {} };
const good: Candidate = {
  ...seed,
  demonstrations: MESSAGES.slice(0, 15).map((row) => ({ input: row.input, output: row.expected })),
};

/** An optimizer that tries one candidate on some rows, over and over. */
function trying(name: string, candidate: Candidate, rows: number, log: OptimizerTools[] = []): Optimizer {
  return {
    name,
    applies: () => true,
    async *run(_task, tools) {
      log.push(tools);
      const trial = tools.book.add({
        candidate,
        family: { selection: name, size: candidate.demonstrations.length },
        origin: name,
        promptTokens: 0,
      });
      for (const who of [tools.book.seed(), trial]) {
        await tools.evaluate(who, tools.rows.slice(0, rows));
        yield { optimizer: name, message: "Scored", share: 0.5 };
      }
      return { stoppedBecause: "finished", notes: [`${name} was here.`] };
    },
  };
}

async function drive(optimizers: readonly Optimizer[], calls: number): Promise<OptimizationResult> {
  const options = {
    seed,
    training: MESSAGES.slice(10),
    evaluator: exact,
    model: imitatingModel(),
    budget: { calls },
    optimizers,
  };
  return (await drain(optimizePrompt(options).run())).result;
}

describe("the driver", () => {
  test("runs any optimizer, collects its notes and races its candidate against the seed", async () => {
    const result = await drive([trying("mine", good, 10)], 200);
    expect(result.best).toEqual(good);
    expect(result.notes).toEqual(["mine was here."]);
    expect(result.stoppedBecause).toEqual({ mine: "finished" });
    // Ten rows by the optimizer, the rest by the last race.
    expect(result.trials.map((trial) => trial.rows)).toEqual([30, 30]);
  });

  test("each optimizer gets a slice, and a part is kept for the last race", async () => {
    const log: OptimizerTools[] = [];
    await drive([trying("one", good, 5, log), trying("two", { ...good, parameters: { a: 1 } }, 5, log)], 100);
    expect(log.map((tools) => tools.ledger.budget.calls)).toEqual([48, 70]);
  });

  test("one that runs out of budget does not take the next one's", async () => {
    const greedy: Optimizer = {
      name: "greedy",
      applies: () => true,
      async *run(_task, tools) {
        for (let number = 0; ; number += 1) {
          const candidate = { ...seed, parameters: { number } };
          const trial = tools.book.add({
            candidate,
            family: { selection: "greedy", size: 0 },
            origin: "greedy",
            promptTokens: 0,
          });
          await tools.evaluate(trial, tools.rows.slice(0, 10));
          yield { optimizer: "greedy", message: "More", share: 0 };
        }
      },
    };
    const result = await drive([greedy, trying("modest", good, 10)], 150);
    expect(result.stoppedBecause).toEqual({ greedy: "budget", modest: "finished" });
    expect(result.best).toEqual(good);
    expect(result.ledger.totals.task.calls).toBeLessThanOrEqual(150);
  });

  test("one that does not apply is named and costs nothing", async () => {
    const idle: Optimizer = { ...trying("idle", good, 10), applies: () => false };
    const log: OptimizerTools[] = [];
    const result = await drive([idle, trying("mine", good, 10, log)], 100);
    expect(result.stoppedBecause).toEqual({ idle: "not_applicable", mine: "finished" });
    expect(log[0]?.ledger.budget.calls).toBe(80);
  });

  test("a mistake in an optimizer is not hidden", async () => {
    const broken: Optimizer = {
      name: "broken",
      applies: () => true,
      // oxlint-disable-next-line require-yield
      async *run() {
        throw new TypeError("a bug");
      },
    };
    await expect(drive([broken], 100)).rejects.toThrow("a bug");
  });
});
