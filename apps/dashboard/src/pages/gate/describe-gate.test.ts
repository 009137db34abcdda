import { describe, expect, it } from "vitest";
import type { EvaluationRun } from "../../api/types.ts";
import { countCases, describeGate, gateWord } from "./describe-gate.ts";

const run = (fields: Partial<EvaluationRun>): EvaluationRun =>
  ({
    status: "completed",
    verdict: null,
    sentence: null,
    error: null,
    pendingAnswers: 0,
    ...fields,
  }) as EvaluationRun;

describe("a run of the gate", () => {
  it.each<[Partial<EvaluationRun>, string]>([
    [{ status: "waiting", pendingAnswers: 1 }, "1 answer is missing: only the agent itself can give them."],
    [
      { status: "waiting", pendingAnswers: 40 },
      "40 answers are missing: only the agent itself can give them.",
    ],
    [{ status: "failed", error: "The model did not answer." }, "The model did not answer."],
    [{ sentence: "All 12 pinned cases pass." }, "All 12 pinned cases pass."],
  ])("says %o", (fields, sentence) => expect(describeGate(run(fields))).toBe(sentence));

  it("is called by its verdict, else by its status", () => {
    expect(gateWord(run({ verdict: "inconclusive" }))).toBe("inconclusive");
    expect(gateWord(run({ status: "running" }))).toBe("running");
  });

  it("counts its cases, the worst first", () => {
    expect(countCases(["passed", "still_failing", "passed", "broken"])).toBe(
      "1 broken, 1 still failing, 2 passed",
    );
    expect(countCases([])).toBe("");
  });
});
