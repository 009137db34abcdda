import { describe, expect, it } from "vitest";
import { betaInterval } from "./beta-interval.ts";

describe("betaInterval", () => {
  it("is the part of the line between its quantiles for the uniform distribution", () => {
    const { lower, upper } = betaInterval(1, 1);
    expect(lower).toBeCloseTo(0.025, 10);
    expect(upper).toBeCloseTo(0.975, 10);
  });

  it("has the closed form of Beta(a, 1): the share to the power of 1 / a", () => {
    for (const a of [0.5, 2, 7]) {
      const { lower, upper } = betaInterval(a, 1, 0.1);
      expect(lower).toBeCloseTo(0.05 ** (1 / a), 10);
      expect(upper).toBeCloseTo(0.95 ** (1 / a), 10);
    }
  });

  it("mirrors where the parameters are exchanged, and narrows with more", () => {
    const one = betaInterval(3, 8);
    const other = betaInterval(8, 3);
    expect(one.lower).toBeCloseTo(1 - other.upper, 10);
    const more = betaInterval(30, 80);
    expect(more.upper - more.lower).toBeLessThan(one.upper - one.lower);
  });

  it("says what it cannot use", () => {
    expect(() => betaInterval(0, 1)).toThrow("a");
    expect(() => betaInterval(1, 1, 1)).toThrow("alpha");
  });
});
