import { expect, test } from "vitest";
import { rememberScores } from "./remember-scores.ts";

const answer = { input: "i", output: "o", expected: "e" };

test("asks once for the same answer, also at the same time; tokens do not matter", async () => {
  let asked = 0;
  const evaluator = rememberScores(
    Object.assign(
      async () => {
        asked += 1;
        return { score: 0.5, feedback: "", objectives: {} };
      },
      { measures: ["tone"] },
    ),
  );
  await Promise.all([evaluator(answer), evaluator(answer), evaluator({ ...answer, tokens: 9 })]);
  expect(asked).toBe(1);
  await evaluator({ ...answer, output: "other" });
  expect(asked).toBe(2);
  expect(evaluator.measures).toEqual(["tone"]);
});

test("a failure is not remembered", async () => {
  let asked = 0;
  const evaluator = rememberScores(() => {
    asked += 1;
    if (asked === 1) throw new Error("away");
    return { score: 1, feedback: "", objectives: {} };
  });
  await expect(evaluator(answer)).rejects.toThrow("away");
  expect(await evaluator(answer)).toMatchObject({ score: 1 });
});
