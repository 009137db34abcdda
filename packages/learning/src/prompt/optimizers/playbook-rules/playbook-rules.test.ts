import { describe, expect, test } from "vitest";
import type { ChatMessage } from "../../../ports.ts";
import { type OptimizerRun, runOptimizer } from "../../../testing/run-optimizer.ts";
import type { Candidate, PlaybookRule } from "../../candidate.ts";
import type { Row } from "../../rows.ts";
import { playbookRules } from "./playbook-rules.ts";
import { parseRule } from "./rule-prompt.ts";

const LABELS = ["vat", "payroll", "audit", "other"];
const rows: Row[] = Array.from({ length: 40 }, (_, index) => ({
  id: `r${index}`,
  input: `message ${index}`,
  expected: LABELS[index % 4] ?? "",
}));
const seed: Candidate = {
  runtime: "model",
  components: { system_prompt: "Name it." },
  demonstrations: [],
  parameters: {},
};

/** Right are "other" and every label that a rule names; a rule that says "never other" breaks those. */
function learn(
  propose: ((call: number, messages: readonly ChatMessage[]) => string) | undefined,
  playbook: PlaybookRule[] = [],
  calls = 1000,
): Promise<OptimizerRun> {
  return runOptimizer({
    optimizer: playbookRules,
    seed: { ...seed, ...(playbook.length > 0 ? { playbook } : {}) },
    rows,
    calls,
    propose,
    isRight: ({ playbook: rules = [] }, { expected }) =>
      expected === "other"
        ? rules.every((rule) => !rule.text.includes("never other"))
        : rules.some((rule) => rule.text.includes(expected)),
  });
}

const bestRules = ({ book }: OptimizerRun): string[] => {
  const ranked = book.trials().toSorted((one, other) => mean(other.scores) - mean(one.scores));
  return (ranked[0]?.candidate.playbook ?? []).map((rule) => rule.text);
};
const mean = (scores: ReadonlyMap<string, number>): number =>
  [...scores.values()].reduce((sum, score) => sum + score, 0) / Math.max(1, scores.size);

describe("playbook rules", () => {
  test("one rule at a time, from failures that belong together, until nothing fails", async () => {
    const run = await learn((_call, messages) => {
      const text = messages.at(-1)?.content ?? "";
      const label = ["vat", "payroll", "audit"].find((one) => text.includes(`<expected>"${one}"`));
      expect(text.match(/<expected>/gu)).toHaveLength(6);
      expect(new Set(text.match(/<expected>"\w+"/gu)).size).toBe(1);
      return `<rule>Messages about money of that kind are ${label}.</rule>`;
    });
    expect(run.result.stoppedBecause).toBe("finished");
    expect(bestRules(run)).toHaveLength(3);
    expect(run.result.notes).toEqual([
      "Of 3 rules that were tried, 3 were kept; 0 old rules were tried without.",
    ]);
  });

  test("a kept rule carries its evidence, and what was there before stays", async () => {
    const old: PlaybookRule = { id: "old", text: "Say vat.", evidenceIds: ["e"], helpful: 5, harmful: 0 };
    const { book } = await learn(() => "<rule>Say payroll when people are paid.</rule>", [old]);
    const playbook = book.trials()[1]?.candidate.playbook;
    expect(playbook?.[0]).toEqual(old);
    expect(playbook?.[1]).toMatchObject({ helpful: 6, harmful: 0 });
    expect(playbook?.[1]?.evidenceIds.every((id) => Number(id.slice(1)) % 4 === 1)).toBe(true);
  });

  test("a rule that breaks as much as it repairs is not kept", async () => {
    const run = await learn(() => "<rule>Say vat, never other.</rule>");
    expect(run.result.notes[0]).toContain("0 were kept");
    expect(run.result.stoppedBecause).toBe("no_progress");
  });

  test.each([
    ["nonsense", "I would not know.", "A proposal had no rule in it"],
    ["a repetition", "<rule>  say VAT. </rule>", "A proposal repeated a rule"],
  ])("%s costs a proposal", async (_name, answer, message) => {
    const old: PlaybookRule = { id: "old", text: "Say vat.", evidenceIds: [], helpful: 0, harmful: 0 };
    const { steps, book } = await learn(() => answer, [old]);
    expect(steps[0]?.message).toBe(message);
    expect(book.trials()).toHaveLength(1);
  });

  test("rules that did harm go first, without a proposer too", async () => {
    const harmful: PlaybookRule = { id: "h", text: "never other", evidenceIds: [], helpful: 0, harmful: 9 };
    const good: PlaybookRule = { id: "g", text: "Say vat.", evidenceIds: [], helpful: 9, harmful: 0 };
    const run = await learn(undefined, [harmful, good]);
    expect(bestRules(run)).toEqual(["Say vat."]);
    const task = { seed, training: rows, maximumPromptTokens: 1000 };
    expect(playbookRules.applies(task, false)).toBe(false);
    expect(playbookRules.applies({ ...task, seed: { ...seed, playbook: [harmful] } }, false)).toBe(true);
  });

  test("stops where the budget ends", async () => {
    const { result, ledger } = await learn(() => "<rule>Say payroll.</rule>", [], 40);
    expect(result.stoppedBecause).toBe("budget");
    expect(ledger.total().calls).toBeLessThanOrEqual(40);
  });
});

test("a rule is one line between tags", () => {
  expect(parseRule("Sure!\n<rule>Say\n  vat.</rule>")).toBe("Say vat.");
  expect(parseRule("<rule></rule>")).toBeUndefined();
  expect(parseRule(`<rule>${"long ".repeat(100)}</rule>`)).toBeUndefined();
});
