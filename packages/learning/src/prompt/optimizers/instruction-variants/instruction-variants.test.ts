import { describe, expect, test } from "vitest";
import { createRandom } from "../../../random.ts";
import { drain } from "../../../testing/drain.ts";
import type { ChatMessage } from "../../../ports.ts";
import type { Candidate } from "../../candidate.ts";
import { Ledger } from "../../ledger.ts";
import type { Row } from "../../rows.ts";
import type { OptimizerProgress, OptimizerResult, OptimizerTools } from "../optimizer.ts";
import { type Trial, TrialBook } from "../trial-book.ts";
import { instructionVariants } from "./instruction-variants.ts";

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
async function refine(
  answers: (call: number, messages: readonly ChatMessage[]) => string,
  calls = 1000,
): Promise<{ steps: OptimizerProgress[]; result: OptimizerResult; book: TrialBook; ledger: Ledger }> {
  const book = new TrialBook();
  const ledger = new Ledger({ calls });
  book.add({ candidate: seed, family: { selection: "seed", size: 0 }, origin: "seed", promptTokens: 0 });
  let proposals = 0;
  const tools: OptimizerTools = {
    book,
    ledger,
    rows,
    random: createRandom("refine"),
    propose: async (messages) => answers((proposals += 1), messages),
    evaluate: async (trial: Trial, part) => {
      const skill = Number(trial.candidate.components["system_prompt"]?.slice(1));
      const evaluated = part.map((row) => {
        if (!trial.answers.has(row.id))
          ledger.reserve("task").settle({ promptTokens: 1, completionTokens: 1 });
        const right = Number(row.id.slice(1)) % 10 < skill;
        return {
          rowId: row.id,
          output: right ? row.expected : "wrong",
          score: right ? 1 : 0,
          feedback: right ? "" : `Expected ${row.expected}.`,
          objectives: {},
          usage: { promptTokens: 1, completionTokens: 1 },
        };
      });
      book.record(trial, evaluated);
      return evaluated;
    },
  };
  const task = { seed, training: rows, maximumPromptTokens: 1000 };
  return { ...(await drain(instructionVariants.run(task, tools))), book, ledger };
}

const instruction = (text: string): string => `<instruction>${text}</instruction>`;

describe("instruction variants", () => {
  test("climb from parent to better child until nothing fails", async () => {
    const { result, book } = await refine((call) => instruction(`v${Math.min(10, 3 * call + 1)}`));
    expect(result.stoppedBecause).toBe("ceiling");
    const prompts = book.trials().map((trial) => trial.candidate.components["system_prompt"]);
    expect(prompts).toEqual(["v0", "v4", "v7", "v10"]);
    expect(result.notes).toEqual([
      "Of 3 instruction proposals, 0 could not be used and 3 beat their parent.",
    ]);
  });

  test("the proposer sees failures with feedback, beside answers that were right", async () => {
    const seen: string[] = [];
    await refine((call, messages) => {
      seen.push(messages.at(-1)?.content ?? "");
      return instruction(call === 1 ? "v5" : "nothing v0");
    });
    expect(seen[0]?.match(/: wrong/gu)).toHaveLength(8);
    expect(seen[1]?.match(/: wrong/gu)?.length).toBeGreaterThanOrEqual(4);
    expect(seen[1]).toContain(": right");
    expect(seen[1]).toContain('<current_instruction>"v5"</current_instruction>');
    expect(seen[0]).toContain('<outputs>"even\\nodd"</outputs>');
    expect(seen[0]).toContain("<feedback>");
  });

  test("gives up after four proposals without a gain and leaves the rest of the budget", async () => {
    const { result, ledger, steps } = await refine((call) => instruction(`v-${call}`));
    expect(result.stoppedBecause).toBe("no_progress");
    expect(steps).toHaveLength(4);
    expect(ledger.remainingCalls()).toBeGreaterThan(900);
  });

  test("an equal child is not taken for a better one", async () => {
    const { book, result } = await refine(() => instruction("v0 "));
    expect(result.notes[0]).toContain("0 beat their parent");
    expect(book.trials().every((trial) => trial.scores.size <= 20)).toBe(true);
  });

  test("stops where the budget ends", async () => {
    const { result, ledger } = await refine((call) => instruction(`v${call}`), 40);
    expect(result.stoppedBecause).toBe("budget");
    expect(ledger.total().calls).toBeLessThanOrEqual(40);
  });

  test("applies only with a proposer, a model and examples", () => {
    const task = { seed, training: rows, maximumPromptTokens: 1000 };
    expect(instructionVariants.applies(task, true)).toBe(true);
    expect(instructionVariants.applies(task, false)).toBe(false);
    expect(instructionVariants.applies({ ...task, training: [] }, true)).toBe(false);
    expect(instructionVariants.applies({ ...task, seed: { ...seed, runtime: "demonstrations" } }, true)).toBe(
      false,
    );
  });
});
