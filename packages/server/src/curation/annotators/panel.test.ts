import { describe, expect, it } from "vitest";
import { agreementOfPanel, panelAccuracy, panelOf } from "./panel.ts";
import type { Judged } from "./store.ts";

function judged(
  example: number,
  expert: string,
  decision: "approve" | "reject",
  score: number | null = null,
): Judged {
  return {
    example_id: String(example),
    expert_id: expert,
    decision,
    is_gold: false,
    technical_accuracy: score,
    professional_quality: null,
    completeness: null,
    clarity: null,
  };
}

/** [[both approve, one approves], [the other approves, both reject]] */
function table(yes: number, first: number, second: number, no: number): Judged[] {
  const pairs = [
    ...Array.from({ length: yes }, () => ["approve", "approve"] as const),
    ...Array.from({ length: first }, () => ["approve", "reject"] as const),
    ...Array.from({ length: second }, () => ["reject", "approve"] as const),
    ...Array.from({ length: no }, () => ["reject", "reject"] as const),
  ];
  return pairs.flatMap(([one, other], example) => [
    judged(example, "one", one),
    judged(example, "other", other),
  ]);
}

describe("agreementOfPanel", () => {
  it("shows that percent agreement is inflated by prevalence", () => {
    const { decision, examples, annotations, warnings } = agreementOfPanel(panelOf(table(80, 10, 5, 5)));
    expect([examples, annotations]).toEqual([100, 200]);
    expect(decision.percent).toBeCloseTo(0.85, 10);
    expect(decision.percent_interval?.[0]).toBeCloseTo(0.767, 3);
    expect(decision.krippendorff_alpha).toBeCloseTo(0.3177, 3);
    expect(decision.alpha_interval?.[0]).toBeLessThan(0.3177);
    expect(decision.alpha_interval?.[1]).toBeGreaterThan(0.3177);
    // Gwet: (0.85 - 2 · 0.875 · 0.125) / (1 - 2 · 0.875 · 0.125)
    expect(decision.gwet_ac1).toBeCloseTo((0.85 - 0.21875) / (1 - 0.21875), 10);
    expect(warnings).toEqual([expect.stringContaining("the decision is 0.318, below 0.667")]);
  });

  it("tells each dimension from those who gave it", () => {
    const rows = [0.1, 0.5, 0.9].flatMap((score, example) => [
      judged(example, "one", "approve", score),
      judged(example, "other", "approve", score + 0.1),
      judged(example, "third", "reject"),
    ]);
    const [accuracy, quality] = agreementOfPanel(panelOf(rows)).dimensions;
    expect(accuracy).toMatchObject({ dimension: "technical_accuracy", examples: 3, within_tolerance: 1 });
    expect(accuracy?.krippendorff_alpha).toBeGreaterThan(0.9);
    expect(quality).toMatchObject({ examples: 0, krippendorff_alpha: null, within_tolerance: null });
  });

  it("has nothing to say of single annotations and of gold", () => {
    const gold = table(3, 0, 0, 0).map((row) => ({ ...row, is_gold: true }));
    expect(agreementOfPanel(panelOf([...gold, judged(9, "one", "approve")]))).toMatchObject({
      examples: 0,
      decision: { percent: null, krippendorff_alpha: null, gwet_ac1: null },
      warnings: [],
    });
  });
});

describe("panelAccuracy", () => {
  it("finds who is usually outvoted", () => {
    const rows = Array.from({ length: 60 }, (_, example) => {
      const truth = example % 3 === 0 ? "reject" : "approve";
      const wrong = truth === "approve" ? "reject" : "approve";
      return [
        judged(example, "one", truth),
        judged(example, "other", example % 10 === 0 ? wrong : truth),
        judged(example, "coin", example % 2 === 0 ? wrong : truth),
      ];
    }).flat();
    const found = panelAccuracy(panelOf(rows));
    expect(found.get("one")?.accuracy).toBeGreaterThan(0.9);
    expect(found.get("other")?.accuracy).toBeGreaterThan(0.8);
    expect(found.get("coin")?.accuracy).toBeLessThan(0.65);
    expect(found.get("coin")?.annotations).toBe(60);
    expect(panelAccuracy([]).size).toBe(0);
  });
});
