import { describe, expect, it } from "vitest";
import { agreesWithGold } from "./grade-gold.ts";
import { weightOfRecord } from "./annotator-weights.ts";

const NOTHING = { technical_accuracy: null, professional_quality: null, completeness: null, clarity: null };

describe("agreesWithGold", () => {
  it("is about the decision first", () => {
    expect(agreesWithGold({ ...NOTHING, decision: "approve" }, { decision: "approve", clarity: 0 })).toBe(
      true,
    );
    expect(agreesWithGold({ ...NOTHING, decision: "approve" }, { decision: "reject" })).toBe(false);
  });

  it("allows dimensions that are known 0.15 in the mean", () => {
    const known = { ...NOTHING, decision: "approve" as const, clarity: 0.9, completeness: 0.5 };
    expect(agreesWithGold(known, { decision: "approve", clarity: 0.75, completeness: 0.65 })).toBe(true);
    expect(agreesWithGold(known, { decision: "approve", clarity: 0.6, completeness: 0.5 })).toBe(true);
    expect(agreesWithGold(known, { decision: "approve", clarity: 0.5, completeness: 0.5 })).toBe(false);
    // A rejection need not give dimensions.
    expect(agreesWithGold({ ...known, decision: "reject" }, { decision: "reject" })).toBe(true);
  });
});

describe("weightOfRecord", () => {
  it("is 1 for a newcomer, up to 2 with agreement, and next to nothing for a coin", () => {
    expect(weightOfRecord({ agreed: 0, disagreed: 0 })).toBe(1);
    expect(weightOfRecord({ agreed: 20, disagreed: 0 })).toBeCloseTo(1.909, 3);
    expect(weightOfRecord({ agreed: 100, disagreed: 101 })).toBeLessThan(0.05);
    expect(weightOfRecord({ agreed: 0, disagreed: 20 })).toBe(0.02);
    const rising = [0, 5, 10, 50].map((agreed) => weightOfRecord({ agreed, disagreed: 1 }));
    expect(rising).toEqual([...rising].sort((a, b) => a - b));
  });
});
