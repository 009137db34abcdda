import { expect, it } from "vitest";
import { describeInfluence } from "./describe-influence.ts";

const measure = (items: number, change: number) => ({
  items,
  asked: 120,
  scoreWith: 0.5,
  scoreWithout: 0.5 - change,
  change,
  onlyWith: 0,
  onlyWithout: 0,
  pValue: 0.5,
});

it("says what each contributor adds, and several together", () => {
  const report = {
    datasetId: "dataset",
    trainExamples: 200,
    heldOutExamples: 120,
    outputs: 4,
    score: 0.5,
    contributors: [
      { userId: "a", ...measure(60, -0.05) },
      { userId: "b", ...measure(1, 0.012) },
    ],
    cohort: { userIds: ["a", "c"], ...measure(120, -0.2) },
    verdict: "failed" as const,
    sentence: "",
    warnings: [],
  };
  expect(describeInfluence(report)).toEqual([
    { ids: ["a"], text: "60 items: −5.0 points on 120 held out" },
    { ids: ["b"], text: "1 item: +1.2 points on 120 held out" },
    { ids: ["a", "c"], text: "120 items together: −20.0 points on 120 held out" },
  ]);
  expect(describeInfluence({ ...report, contributors: [], cohort: null })).toEqual([]);
});
