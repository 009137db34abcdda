import { describe, expect, it } from "vitest";
import { CounterBuilder, CounterLedger, dayOf } from "./counters.ts";

describe("CounterBuilder", () => {
  it("counts, sums and sums squares", () => {
    const counters = new CounterBuilder().value("rating", 2).value("rating", 5).count("feedback").build();
    expect(Object.fromEntries(counters)).toEqual({
      rating: { count: 2, sum: 7, sumSquares: 29 },
      feedback: { count: 1, sum: 0, sumSquares: 0 },
    });
  });
});

describe("CounterLedger", () => {
  const one = new CounterBuilder().value("rating", 3).count("feedback").build();

  it("gathers rows of the same agent and day, in one order", () => {
    const ledger = new CounterLedger()
      .add("b", "2026-01-01", one)
      .add("a", "2026-01-02", one)
      .add("a", "2026-01-01", one)
      .add("b", "2026-01-01", one);
    expect(ledger.deltas().map((delta) => [delta.agentId, delta.day, delta.metric, delta.count])).toEqual([
      ["a", "2026-01-01", "feedback", 1],
      ["a", "2026-01-01", "rating", 1],
      ["a", "2026-01-02", "feedback", 1],
      ["a", "2026-01-02", "rating", 1],
      ["b", "2026-01-01", "feedback", 2],
      ["b", "2026-01-01", "rating", 2],
    ]);
  });

  it("takes back, and drops what cancels out", () => {
    const other = new CounterBuilder().value("rating", 5).count("feedback").build();
    const ledger = new CounterLedger().add("a", "2026-01-01", one, -1).add("a", "2026-01-01", other);
    expect(ledger.deltas()).toEqual([
      { agentId: "a", day: "2026-01-01", metric: "rating", count: 0, sum: 2, sumSquares: 16 },
    ]);
  });
});

it("dayOf is the day in UTC", () => {
  expect(dayOf(new Date("2026-03-01T23:30:00-05:00"))).toBe("2026-03-02");
});
