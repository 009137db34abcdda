import { expect, test } from "vitest";
import { measureSeed } from "./measure-seed.ts";

// A smaller version of benchmarks/behavior-learning.ts.
test("planted habits are found and nothing else, what helps stays, and a contributor can be taken out", () => {
  const results = ["one", "two"].map((seed) =>
    measureSeed(seed, { experts: 6, runsPerExpert: 25, agentRuns: 200 }),
  );
  const sum = (key: "found" | "right" | "planted" | "helping" | "kept" | "harming" | "retired"): number =>
    results.reduce((total, result) => total + result[key], 0);
  expect(sum("right") / sum("found")).toBeGreaterThanOrEqual(0.9);
  expect(sum("right") / sum("planted")).toBeGreaterThanOrEqual(0.9);
  expect(sum("helping")).toBeGreaterThan(0);
  expect(sum("kept")).toBe(sum("helping"));
  expect(sum("harming")).toBeGreaterThan(0);
  expect(sum("retired")).toBe(sum("harming"));
  for (const result of results) {
    expect(result.accuracy).toBeGreaterThan(result.bigramAccuracy);
    expect(result.recomputed).toBe(true);
  }
});
