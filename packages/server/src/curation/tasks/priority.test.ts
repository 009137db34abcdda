import { EXAMPLE_TYPES } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { priorityOf } from "./priority.ts";

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
