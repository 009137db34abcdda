import { describe, expect, it } from "vitest";
import { agreementOf } from "./agreement.ts";

describe("agreementOf", () => {
  it("has nothing to say without doubly annotated examples", () => {
    const nothing = { examples: 0, percent: null, interval: null, krippendorff_alpha: null };
    expect(agreementOf([])).toEqual(nothing);
    expect(agreementOf([{ approvals: 1, rejections: 0, examples: 50 }])).toEqual(nothing);
  });

  it("is the share of examples on which two agree, with its Wilson interval", () => {
    const agreement = agreementOf([
      { approvals: 2, rejections: 0, examples: 60 },
      { approvals: 0, rejections: 2, examples: 20 },
      { approvals: 1, rejections: 1, examples: 20 },
    ]);
    expect(agreement).toMatchObject({ examples: 100, percent: 0.8 });
    // Wilson (1927), 80 of 100 at 95 %.
    expect(agreement.interval?.[0]).toBeCloseTo(0.7112, 4);
    expect(agreement.interval?.[1]).toBeCloseTo(0.8666, 4);
    // Observed disagreement 0.2; expected 2 · 140 · 60 / (200 · 199).
    expect(agreement.krippendorff_alpha).toBeCloseTo(1 - 0.2 / ((2 * 140 * 60) / (200 * 199)), 10);
  });

  it("takes the pairs of three annotators", () => {
    expect(agreementOf([{ approvals: 2, rejections: 1, examples: 1 }]).percent).toBeCloseTo(1 / 3, 12);
    expect(agreementOf([{ approvals: 3, rejections: 0, examples: 1 }]).percent).toBe(1);
  });

  it("leaves alpha open when nobody ever differed: there is no chance to correct for", () => {
    expect(agreementOf([{ approvals: 2, rejections: 0, examples: 30 }])).toMatchObject({
      percent: 1,
      krippendorff_alpha: null,
    });
  });

  it("shows what percent agreement hides: with one decision prevailing, alpha is low", () => {
    const agreement = agreementOf([
      { approvals: 2, rejections: 0, examples: 85 },
      { approvals: 1, rejections: 1, examples: 15 },
    ]);
    expect(agreement.percent).toBe(0.85);
    expect(agreement.krippendorff_alpha).toBeLessThan(0);
  });
});
