import { describe, expect, it } from "vitest";
import type { StoredAllocation } from "../../administration/serving/index.ts";
import { reallocation } from "./reallocation.ts";

const since = "2026-01-01T00:00:00.000Z";
const after = (hours: number): Date => new Date(Date.parse(since) + hours * 3_600_000);
const bandit = (
  shares: Record<string, number>,
  change: Partial<StoredAllocation> = {},
): StoredAllocation => ({
  policy: "bandit",
  floor: 0.1,
  update_hours: 24,
  periods: [{ since, shares, reason: "As created." }],
  ...change,
});
const thirds = { control: 0.2, treatment: 0.2, bold: 0.2 };
const believed = (...means: number[]) =>
  means.map((mean, index) => ({ arm: Object.keys(thirds)[index] ?? "", mean, deviation: 0.01 }));
const options = { isLowerBetter: false, now: after(25) };

describe("reallocation", () => {
  it("moves the experiment's units towards what looks best, each arm keeping the floor", () => {
    const moved = reallocation(bandit(thirds), believed(0.5, 0.7, 0.6), options);
    const { control = 0, treatment = 0, bold = 0 } = moved?.shares ?? {};
    expect(control + treatment + bold).toBeCloseTo(0.6, 12);
    expect(control).toBeCloseTo(0.06, 4);
    expect(treatment).toBeGreaterThan(0.25);
    expect(bold).toBeGreaterThan(0.25);
    expect(moved?.reason).toContain("treatment 100.0 %");
  });

  it("takes less for better where it is", () => {
    const moved = reallocation(bandit(thirds), believed(0.5, 0.9, 0.6), { ...options, isLowerBetter: true });
    expect(moved?.shares["treatment"]).toBeCloseTo(0.06, 4);
  });

  it("gives a closed arm nothing, and its units to the others", () => {
    const open = { control: 0.3, treatment: 0, bold: 0.3 };
    const beliefs = believed(0.5, 0.5, 0.7).filter(({ arm }) => arm !== "treatment");
    const moved = reallocation(bandit(open, { floor: 0.2 }), beliefs, options);
    // Between two arms top-two sampling plays each half the time: no challenger is left to doubt.
    expect(moved).toBeUndefined();
    const uneven = { control: 0.5, treatment: 0, bold: 0.1 };
    expect(reallocation(bandit(uneven), beliefs, options)?.shares["treatment"]).toBe(0);
  });

  it.each([
    ["the allocation is fixed", bandit(thirds, { policy: "fixed" }), believed(0, 1, 2), 25],
    ["the period is not over", bandit(thirds), believed(0, 1, 2), 23],
    ["too little is known", bandit(thirds), null, 25],
    ["it has not started", bandit(thirds, { periods: [] }), believed(0, 1, 2), 25],
    ["nothing differs", bandit(thirds), believed(1, 1, 1), 25],
  ])("leaves the shares alone when %s", (_name, allocation, beliefs, hours) => {
    expect(reallocation(allocation, beliefs, { ...options, now: after(hours) })).toBeUndefined();
  });
});
