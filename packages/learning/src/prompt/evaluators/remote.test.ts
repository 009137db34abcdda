import { describe, expect, test } from "vitest";
import { EvaluatorUnavailable, evaluateSafely } from "./evaluator.ts";
import { remote } from "./remote.ts";

const answer = { input: "question", output: "the answer", expected: "an answer" };

describe("a scorer elsewhere", () => {
  test("is told the answer and believed", async () => {
    const asked: unknown[] = [];
    const evaluator = remote({
      ask: async (question) => {
        asked.push(question);
        return { score: 0.5, feedback: "half", objectives: { tone: 1, odd: "x" } };
      },
      measures: ["tone"],
    });
    expect(await evaluator(answer)).toEqual({
      score: 0.5,
      feedback: "half",
      objectives: { accuracy: 0.5, tone: 1 },
    });
    expect(asked).toEqual([answer]);
    expect(evaluator.measures).toEqual(["tone"]);
  });

  test.each([[null], ["1"], [[1]], [{}], [{ score: "1" }], [{ score: 2 }], [{ score: Number.NaN }]])(
    "%j is no score",
    async (said) => {
      const evaluation = evaluateSafely(remote({ ask: async () => said }), answer);
      await expect(evaluation).rejects.toThrow(EvaluatorUnavailable);
      await expect(evaluation).rejects.toThrow(/The scorer gave no score: the scorer/);
    },
  );
});
