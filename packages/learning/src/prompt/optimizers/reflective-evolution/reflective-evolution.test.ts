import { describe, expect, test } from "vitest";
import { type OptimizerRun, runOptimizer } from "../../../testing/run-optimizer.ts";
import type { ChatMessage } from "../../../ports.ts";
import type { Candidate } from "../../candidate.ts";
import type { Row } from "../../rows.ts";
import { reflectiveEvolution } from "./reflective-evolution.ts";

const rows: Row[] = Array.from({ length: 40 }, (_, index) => ({
  id: `r${index}`,
  input: `message ${index}`,
  expected: index % 2 === 0 ? "even" : "odd",
}));
const seed: Candidate = {
  runtime: "model",
  components: { system_prompt: "v0" },
  demonstrations: [],
  parameters: {},
};

/** Instruction "vN" answers N tenths of the rows right; the proposer says what `answers` says. */
function refine(
  answers: (call: number, messages: readonly ChatMessage[]) => string,
  calls = 1000,
): Promise<OptimizerRun> {
  return runOptimizer({
    optimizer: reflectiveEvolution,
    seed,
    rows,
    calls,
    propose: answers,
    isRight: ({ components }, row) =>
      Number(row.id.slice(1)) % 10 < Number(components["system_prompt"]?.slice(1)),
  });
}

const instruction = (text: string): string => `<instruction>${text}</instruction>`;

describe("reflective evolution", () => {
  test("climbs from parent to better child until nothing fails", async () => {
    const { result, book } = await refine((call) => instruction(`v${Math.min(10, 3 * call + 1)}`));
    expect(result.stoppedBecause).toBe("ceiling");
    const prompts = book.trials().map((trial) => trial.candidate.components["system_prompt"]);
    expect(prompts).toEqual(["v0", "v4", "v7", "v10"]);
    expect(result.notes[0]).toBe("Of 4 instruction proposals, 1 could not be used and 3 beat their parent.");
  });

  test("the proposer sees failures with feedback, beside answers that were right", async () => {
    const seen: string[] = [];
    await refine((call, messages) => {
      seen.push(messages.at(-1)?.content ?? "");
      return instruction(call === 1 ? "v5" : "nothing v0");
    });
    expect(seen[0]?.match(/: wrong/gu)).toHaveLength(8);
    expect(seen[2]?.match(/: wrong/gu)?.length).toBeGreaterThanOrEqual(4);
    expect(seen[2]).toContain(": right");
    expect(seen[2]).toContain('<current_instruction>"v5"</current_instruction>');
    expect(seen[0]).toContain('<outputs>"even\\nodd"</outputs>');
    expect(seen[0]).toContain("<feedback>");
  });

  test("gives up after six proposals without a gain and leaves the rest of the budget", async () => {
    const { result, ledger, steps } = await refine((call) => instruction(`v-${call}`));
    expect(result.stoppedBecause).toBe("no_progress");
    expect(steps).toHaveLength(6);
    expect(ledger.remainingCalls()).toBeGreaterThan(900);
  });

  test("an equal child is not taken for a better one", async () => {
    const { book, result } = await refine(() => instruction("v0 "));
    expect(result.notes[0]).toContain("0 beat their parent");
    const [, ...children] = book.trials();
    expect(children.every((trial) => trial.scores.size <= 8)).toBe(true);
  });

  test("minibatches come from rows on which the pool is not compared", async () => {
    const seen: string[] = [];
    await refine((_call, messages) => {
      seen.push(messages.at(-1)?.content ?? "");
      return instruction("v3");
    });
    for (const row of rows.slice(0, 24)) expect(seen.join(" ")).not.toContain(`"${row.input}"`);
  });

  test("stops where the budget ends", async () => {
    const { result, ledger } = await refine((call) => instruction(`v${call}`), 60);
    expect(result.stoppedBecause).toBe("budget");
    expect(ledger.total().calls).toBeLessThanOrEqual(60);
  });

  test("applies only with a proposer, a model and examples", () => {
    const task = { seed, training: rows, maximumPromptTokens: 1000 };
    expect(reflectiveEvolution.applies(task, true)).toBe(true);
    expect(reflectiveEvolution.applies(task, false)).toBe(false);
    expect(reflectiveEvolution.applies({ ...task, training: [] }, true)).toBe(false);
    expect(reflectiveEvolution.applies({ ...task, seed: { ...seed, runtime: "demonstrations" } }, true)).toBe(
      false,
    );
  });
});
