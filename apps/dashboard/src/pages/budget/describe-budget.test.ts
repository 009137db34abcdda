import { describe, expect, it } from "vitest";
import type { LearningBudget } from "../../api/types.ts";
import { amount, budgetLines, describeBudget, usedShare } from "./describe-budget.ts";

const budget = (change: Partial<LearningBudget> = {}): LearningBudget => ({
  periodDays: 30,
  maxCalls: null,
  maxTokens: null,
  maxCost: null,
  since: "2026-01-01T00:00:00.000Z",
  spent: { calls: 0, tokens: 0, cost: 0 },
  reserved: { calls: 0, tokens: 0, cost: 0 },
  updatedAt: null,
  ...change,
});

describe("a budget in words", () => {
  it("says that there is no limit", () => {
    expect(describeBudget(budget({ spent: { calls: 1, tokens: 2, cost: 0 } }))).toBe(
      "Learning made 1 call to language models in the last 30 days; nobody has set a limit.",
    );
  });

  it("is about the limit that ends first, and what runs hold back", () => {
    const spent = { calls: 100, tokens: 900, cost: 0 };
    const reserved = { calls: 400, tokens: 0, cost: 0 };
    const now = budget({ periodDays: 7, maxCalls: 2_000, maxTokens: 1_000, spent, reserved });
    expect(describeBudget(now)).toBe("100 of 1,000 tokens in 7 days are left.");
    expect(describeBudget({ ...now, maxTokens: null })).toBe(
      "1,500 of 2,000 calls in 7 days are left, with 400 held back for runs under way.",
    );
  });

  it("says when nothing is left, also of nothing", () => {
    expect(describeBudget(budget({ maxCalls: 0, periodDays: 1 }))).toMatch(
      /^Nothing is left of 0 calls in 1 day:/,
    );
    const spent = { calls: 9, tokens: 0, cost: 0 };
    expect(describeBudget(budget({ maxCalls: 5, spent }))).toMatch(/^Nothing is left of 5 calls/);
  });

  it("has shares of 0 to 1, and none without a limit", () => {
    const [calls, tokens] = budgetLines(budget({ maxCalls: 5, spent: { calls: 9, tokens: 1, cost: 0 } }));
    expect(calls && usedShare(calls)).toBe(1);
    expect(tokens && usedShare(tokens)).toBeUndefined();
  });

  it("writes small costs as what they are", () => {
    expect([0, 0.004, 1.239].map((value) => amount("cost", value))).toEqual(["0.00", "< 0.01", "1.24"]);
    expect(amount("tokens", 12_345_678)).toBe("12.3M");
  });
});
