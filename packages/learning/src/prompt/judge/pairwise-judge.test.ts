import { describe, expect, test } from "vitest";
import { scriptedModel } from "../../testing/scripted-model.ts";
import { EvaluatorUnavailable } from "../evaluators/evaluator.ts";
import { BudgetExhausted, Ledger } from "../ledger.ts";
import { measurePairwiseJudge, pairwiseJudge } from "./pairwise-judge.ts";

const rubric = "The shorter answer is better.";
const pair = { input: "When?", first: "On Monday.", second: "It is on Monday, I should think." };
const answersOf = (content: string): [string, string] => {
  const [, a = "", b = ""] =
    /<answer_a>"(.*)"<\/answer_a>\s*<answer_b>"(.*)"<\/answer_b>/su.exec(content) ?? [];
  return [a, b];
};
/** Prefers the shorter answer. */
const byLength = () =>
  scriptedModel(({ messages }) => {
    const [a, b] = answersOf(messages.at(-1)?.content ?? "");
    return JSON.stringify({ reason: "", better: a.length < b.length ? "A" : "B" });
  });

describe("a pairwise judge", () => {
  test("is asked in both orders and prefers the same answer in both", async () => {
    const ledger = new Ledger();
    const judge = pairwiseJudge({ model: byLength(), rubric, ledger });
    expect(await judge(pair)).toBe(1);
    expect(await judge({ ...pair, first: pair.second, second: pair.first })).toBe(0);
    expect(ledger.totals("judge").calls).toBe(4);
  });

  test("has no preference where it depends on the order, and for equal answers it is not asked", async () => {
    const model = scriptedModel(() => '{"better": "A"}');
    const judge = pairwiseJudge({ model, rubric, ledger: new Ledger() });
    expect(await judge(pair)).toBe(0.5);
    expect(await judge({ ...pair, second: pair.first })).toBe(0.5);
    expect(model.requests).toHaveLength(2);
  });

  test("stops at the budget, and says when it says nothing", async () => {
    const broke = pairwiseJudge({ model: byLength(), rubric, ledger: new Ledger({ calls: 1 }) });
    await expect(broke(pair)).rejects.toThrow(BudgetExhausted);
    const silent = pairwiseJudge({ model: scriptedModel(() => "Hm."), rubric, ledger: new Ledger() });
    await expect(silent(pair)).rejects.toThrow(EvaluatorUnavailable);
  });
});

describe("measured on pairs that people decided", () => {
  const pairs = Array.from({ length: 30 }, (_, index) => ({
    input: `question ${index}`,
    preferred: "short",
    other: `much longer ${index}`,
  }));

  test("one that agrees is usable, one that contradicts or prefers by order is not", async () => {
    const judge = pairwiseJudge({ model: byLength(), rubric, ledger: new Ledger() });
    expect(await measurePairwiseJudge({ judge, pairs })).toMatchObject({
      usable: true,
      agreement: { successes: 30, trials: 30 },
    });
    const turned = pairs.map(({ preferred, other, input }) => ({
      input,
      preferred: other,
      other: preferred,
    }));
    expect(await measurePairwiseJudge({ judge, pairs: turned })).toMatchObject({
      usable: false,
      sentence: expect.stringContaining("0 % of 30 pairs, too close to chance") as string,
    });
    const first = pairwiseJudge({
      model: scriptedModel(() => '{"better": "A"}'),
      rubric,
      ledger: new Ledger(),
    });
    expect(await measurePairwiseJudge({ judge: first, pairs })).toMatchObject({
      usable: false,
      undecided: 30,
    });
  });
});
