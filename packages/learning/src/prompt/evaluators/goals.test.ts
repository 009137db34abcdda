import { describe, expect, test } from "vitest";
import type { Evaluator } from "./evaluator.ts";
import { exact } from "./exact.ts";
import { resolveGoals } from "./goals.ts";
import { jsonFields } from "./json-fields.ts";

describe("resolveGoals", () => {
  test("the guide's goals: accuracy is measured, clarity is named as unmeasured", () => {
    const { objectives, unmeasured } = resolveGoals(["accuracy", "clarity"], { evaluator: exact });
    expect(objectives).toEqual([
      {
        goal: "accuracy",
        weight: 1,
        direction: "maximize",
        measuredBy: "comparison with the expected output",
      },
    ]);
    expect(unmeasured).toEqual([
      { goal: "clarity", reason: "It takes a calibrated judge, and none is configured." },
    ]);
  });

  test("an unmeasured goal does not change the score", async () => {
    const input = { input: "", output: "right", expected: "right" };
    const { evaluator } = resolveGoals(["clarity", "accuracy", "whatever"], { evaluator: exact });
    expect(await evaluator(input)).toMatchObject({ score: 1, objectives: { accuracy: 1 } });
  });

  test("with no measurable goal accuracy alone counts", () => {
    const { objectives, unmeasured } = resolveGoals(["clarity", "speed"], { evaluator: exact });
    expect(objectives.map((objective) => objective.goal)).toEqual(["accuracy"]);
    expect(unmeasured.map((entry) => entry.goal)).toEqual(["clarity", "speed"]);
    expect(resolveGoals([], { evaluator: exact }).objectives).toHaveLength(1);
  });

  test("weights make a weighted mean and directions are stated", async () => {
    const { evaluator, objectives } = resolveGoals(
      [
        { name: "Accuracy", weight: 3 },
        { name: "brevity", weight: 1 },
      ],
      { evaluator: exact },
    );
    expect(objectives.map(({ goal, direction }) => [goal, direction])).toEqual([
      ["accuracy", "maximize"],
      ["conciseness", "minimize"],
    ]);
    const long = await evaluator({ input: "", output: "aaaaaaaa", expected: "bbbb" });
    expect(long.score).toBeCloseTo(0.5 / 4, 12);
    expect(long.objectives).toEqual({ accuracy: 0, conciseness: 0.5 });
  });

  test("cost falls with tokens", async () => {
    const { evaluator } = resolveGoals(["cost"], { evaluator: exact, tokenScale: 100 });
    const score = async (tokens: number): Promise<number> =>
      (await evaluator({ input: "", output: "", expected: "", tokens })).score;
    expect([await score(0), await score(25), await score(500)]).toEqual([1, 0.75, 0]);
  });

  test("a goal of the caller's own has the caller's evaluator", async () => {
    const clarity: Evaluator = ({ output }) => ({
      score: output.length < 5 ? 1 : 0,
      feedback: "",
      objectives: {},
    });
    const { evaluator, unmeasured } = resolveGoals(["clarity"], {
      evaluator: exact,
      goalEvaluators: { clarity },
    });
    expect(unmeasured).toEqual([]);
    expect((await evaluator({ input: "", output: "abc", expected: "x" })).score).toBe(1);
    expect((await evaluator({ input: "", output: "abcdef", expected: "x" })).score).toBe(0);
  });

  test("format is measured where the evaluator does", async () => {
    const { evaluator, objectives } = resolveGoals(["format", "accuracy"], { evaluator: jsonFields() });
    expect(objectives.map((objective) => objective.goal)).toEqual(["format", "accuracy"]);
    expect((await evaluator({ input: "", output: '{"a":2}', expected: '{"a":1}' })).score).toBe(0.5);
    expect(resolveGoals(["format"], { evaluator: exact }).unmeasured[0]?.reason).toBe(
      "No evaluator measures it.",
    );
  });

  test("a goal that is named twice counts once, one without weight not at all", () => {
    const { objectives, unmeasured } = resolveGoals(
      ["accuracy", "correctness", { name: "cost", weight: 0 }],
      { evaluator: exact },
    );
    expect(objectives).toHaveLength(1);
    expect(unmeasured).toEqual([{ goal: "cost", reason: "Its weight is not above 0." }]);
  });
});
