import { describe, expect, it } from "vitest";
import type { QueueProgress } from "../../api/types.ts";
import { describeFilter, describeProgress, paceOf } from "./describe-queue.ts";

const progress = (change: Partial<QueueProgress>): QueueProgress => ({
  queueId: "q",
  open: 0,
  openIsLeast: false,
  waiting: 0,
  claimed: 0,
  days: 7,
  annotations: 0,
  daysLeft: null,
  people: [],
  ...change,
});

describe("a queue in words", () => {
  it("says which examples come to it", () => {
    expect(describeFilter({ filter: {} })).toBe("Every new example");
    expect(
      describeFilter({
        filter: { exampleTypes: ["correction", "failure"], tags: ["tax", "vat"], maxConfidence: 0.4 },
      }),
    ).toBe("Correction or Failure, tagged tax or vat, of which the agent was at most 40\u00a0% sure");
    expect(describeFilter({ filter: { sourceTypes: ["user_feedback"], domains: ["law"] } })).toBe(
      "from User feedback, of domain law",
    );
  });

  it("says how far it is", () => {
    expect(describeProgress(progress({}))).toBe("Nothing waits here.");
    expect(describeProgress(progress({ annotations: 1 }))).toBe(
      "Nothing waits here; 1 annotation was given in 7 days.",
    );
    expect(describeProgress(progress({ open: 1 }))).toBe(
      "1 annotation is wanted. Nobody has annotated here in 7 days, so there is no saying when it is done.",
    );
    expect(describeProgress(progress({ open: 40, annotations: 70, daysLeft: 4.2 }))).toBe(
      "40 annotations are wanted; at the pace of the last 7 days it is done in 4 days.",
    );
    expect(
      describeProgress(progress({ open: 100_000, openIsLeast: true, annotations: 1, daysLeft: 700_000 })),
    ).toBe(
      "More than 100,000 annotations are wanted; at the pace of the last 7 days it is done in about 23,333 months.",
    );
    expect(describeProgress(progress({ open: 2, annotations: 90, daysLeft: 0.2 }))).toMatch(
      /in less than a day\.$/,
    );
  });

  it.each([
    [null, "–"],
    [44.6, "45 s"],
    [200, "3 min 20 s"],
    [120, "2 min"],
  ])("writes %s seconds as %s", (seconds, words) => expect(paceOf(seconds)).toBe(words));
});
