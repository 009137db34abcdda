import { describe, expect, it } from "vitest";
import { CounterSeries, daysBetween, shareOf } from "./series.ts";

const series = new CounterSeries([
  { day: "2026-02-01", metric: "rating", count: 2, sum: 7, sumSquares: 25 },
  { day: "2026-02-02", metric: "rating", count: 1, sum: 5, sumSquares: 25 },
  { day: "2026-02-02", metric: "issue:unclear", count: 3, sum: 0, sumSquares: 0 },
  { day: "2026-02-02", metric: "issue:incorrect", count: 0, sum: 0, sumSquares: 0 },
]);

describe("CounterSeries", () => {
  it("adds up the period and tells days apart", () => {
    expect(series.count("rating")).toBe(3);
    expect(series.count("rating", "2026-02-01")).toBe(2);
    expect(series.count("rating", "2026-02-03")).toBe(0);
    expect(series.mean("rating")).toBe(4);
    expect(series.mean("rating", "2026-02-01")).toBe(3.5);
    expect(series.mean("vote")).toBeNull();
  });

  it("lists what was counted under a prefix", () => {
    expect(series.counts("issue:")).toEqual({ unclear: 3 });
  });
});

it("shareOf nothing is null", () => {
  expect(shareOf(1, 4)).toBe(0.25);
  expect(shareOf(0, 0)).toBeNull();
});

it("daysBetween passes months and leap days", () => {
  expect(daysBetween("2028-02-28", "2028-03-01")).toEqual(["2028-02-28", "2028-02-29", "2028-03-01"]);
  expect(daysBetween("2026-01-01", "2026-01-01")).toEqual(["2026-01-01"]);
});
