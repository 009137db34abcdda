import { describe, expect, it } from "vitest";
import type { AnsweredCheck } from "./store.ts";
import { outcomeOf, sumUpChecks } from "./sum-up.ts";

const check = (more: Partial<AnsweredCheck>): AnsweredCheck => ({
  kind: "uniform",
  retrieval_id: "r",
  learning_example_id: "x",
  candidate_output: "A",
  queue_id: null,
  review_status: "approved",
  is_decided: true,
  preferred_output: null,
  ...more,
});

const BETTER = check({ preferred_output: "A" });
const WORSE = check({ preferred_output: "B" });
const UNCHANGED = check({
  learning_example_id: null,
  candidate_output: null,
  review_status: null,
  is_decided: false,
});

describe("sumUpChecks", () => {
  it.each([
    [BETTER, "better"],
    [WORSE, "worse"],
    [check({ candidate_output: "B", preferred_output: "B" }), "better"],
    [check({}), "tie"],
    [UNCHANGED, "unchanged"],
    [check({ review_status: "pending", is_decided: false }), "waiting"],
    [check({ review_status: "in_review", is_decided: false }), "waiting"],
    [check({ review_status: "rejected" }), "undecidable"],
    // Emptied for its age after people had decided, and before.
    [check({ review_status: "withdrawn", preferred_output: "B" }), "worse"],
    [check({ review_status: "withdrawn", is_decided: false }), "gone"],
  ] as const)("reads %o as %s", (one, outcome) => expect(outcomeOf(one)).toBe(outcome));

  it("gives each kind its rate, what did not change counting as no error", () => {
    const [uniform, conflict, ...none] = sumUpChecks([
      WORSE,
      BETTER,
      check({}),
      ...Array.from({ length: 6 }, () => UNCHANGED),
      check({ review_status: "pending", is_decided: false }),
      { ...WORSE, kind: "conflict" },
    ]);
    expect(none).toEqual([]);
    expect(uniform).toMatchObject({
      kind: "uniform",
      checks: 10,
      waiting: 1,
      better: 1,
      worse: 1,
      ties: 1,
      unchanged: 6,
      left_out: 0,
    });
    expect(uniform?.error_rate).toBeCloseTo(1 / 9, 12);
    // Jeffreys' interval of 1 in 9: quantiles of Beta(1.5, 8.5).
    expect(uniform?.interval?.[0]).toBeCloseTo(0.012264, 5);
    expect(uniform?.interval?.[1]).toBeCloseTo(0.414469, 5);
    expect(conflict).toMatchObject({ kind: "conflict", worse: 1, error_rate: 1 });
    expect(conflict?.interval?.[1]).toBe(1);
  });

  it("has no rate while nobody answered", () => {
    const [one] = sumUpChecks([check({ review_status: "pending", is_decided: false })]);
    expect(one).toMatchObject({ waiting: 1, error_rate: null, interval: null });
  });
});
