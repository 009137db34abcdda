import { describe, expect, it } from "vitest";
import { type JudgedCase, passes, summariseCases } from "./judge-cases.ts";

const judged = (change: Partial<JudgedCase>): JudgedCase => ({
  id: "1",
  slice: "default",
  isPinned: true,
  expected: "a",
  output: "a",
  passed: true,
  baselinePassed: true,
  ...change,
});

describe("summariseCases", () => {
  it("passes with no case at all", () => {
    expect(summariseCases([])).toEqual({ verdict: "passed", cases: 0, passed: 0, slices: [], broken: [] });
  });

  it("fails on one pinned case and says which", () => {
    const summary = summariseCases([
      judged({}),
      judged({ id: "2", output: "b", passed: false, slice: "vat" }),
    ]);
    expect(summary).toMatchObject({ verdict: "failed", cases: 2, passed: 1 });
    expect(summary.broken).toEqual([
      { case_id: "2", expected_output: "a", output: "b", baseline_passed: true },
    ]);
    expect(summary.slices).toEqual([
      { slice: "default", cases: 1, passed: 1 },
      { slice: "vat", cases: 1, passed: 0 },
    ]);
  });

  it("does not blame a candidate for what production fails as well", () => {
    const summary = summariseCases([judged({ passed: false, baselinePassed: false })]);
    expect(summary).toMatchObject({ verdict: "passed", passed: 0, broken: [] });
  });

  it("holds a first version to every pinned case", () => {
    expect(summariseCases([judged({ passed: false, baselinePassed: null })]).verdict).toBe("failed");
  });

  it("counts a case that is not pinned and decides nothing by it", () => {
    expect(summariseCases([judged({ isPinned: false, passed: false })])).toMatchObject({
      verdict: "passed",
      passed: 0,
      broken: [],
    });
  });
});

describe("passes", () => {
  it.each([
    ["exact", "Refund", "Refund", true],
    ["exact", "Refund", "refund", false],
    ["normalised", "Refund", " refund ", true],
    ["normalised", "Refund", "return", false],
  ] as const)("%s: %s against %s", async (kind, expected, output, result) => {
    expect(await passes(kind, "question", expected, output)).toBe(result);
  });
});
