import { EXAMPLE_TYPES } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { priorityOf, rankOf, STAGE_RANKS } from "./priority.ts";

describe("priorityOf", () => {
  it("puts corrections before negatives before edge cases and failures before positives", () => {
    const order = [...EXAMPLE_TYPES].sort((a, b) => priorityOf(b) - priorityOf(a));
    expect(order).toEqual([
      "correction",
      "demonstration",
      "negative",
      "preference",
      "edge_case",
      "failure",
      "positive",
    ]);
  });

  it("is another number for each type, within the column's range", () => {
    const priorities = EXAMPLE_TYPES.map(priorityOf);
    expect(new Set(priorities).size).toBe(EXAMPLE_TYPES.length);
    expect(Math.min(...priorities)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...priorities)).toBeLessThanOrEqual(999);
  });
});

describe("rankOf", () => {
  it("puts adjudications first, then what was begun, then fresh examples, each by priority", () => {
    const ranks = [
      { slot: 0, priority: 70 },
      { slot: 2, priority: 10 },
      { slot: 1, priority: 70 },
      { slot: 1, priority: 10 },
    ].map(rankOf);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(ranks).toEqual([-1070, -10, 930, 990]);
  });

  it("keeps every priority within its stretch", () => {
    for (const [slot, stage] of [
      [0, "adjudication"],
      [3, "begun"],
      [1, "first"],
    ] as const) {
      expect(rankOf({ slot, priority: 0 })).toBe(STAGE_RANKS[stage].to);
      expect(rankOf({ slot, priority: 999 })).toBe(STAGE_RANKS[stage].from);
    }
  });
});
