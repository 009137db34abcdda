import { DEFAULT_POLICY } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { agreementOf } from "./agreement.ts";
import { CardBuilder, type CardItem } from "./card-builder.ts";

const thresholds = DEFAULT_POLICY.training;
const NOTHING = {
  contributions: { capped: 0, held_back: 0 },
  contamination: { cases: 0, removed: 0, examples: [] },
  agreement: agreementOf([]),
  duplicates: { groups: 0, examples: 0 },
  excluded: { examples: 0, ids: [] },
};

function item(change: Partial<CardItem> = {}): CardItem {
  return {
    example_type: "positive",
    id: "id",
    input_text: "question",
    original_output: null,
    expected_output: "answer",
    quality_score: 0.9,
    split: "train",
    group: "g",
    isVerified: false,
    contributorId: null,
    ...change,
  };
}

describe("CardBuilder", () => {
  it("describes an empty dataset without dividing by nothing", () => {
    const card = new CardBuilder().build(NOTHING, thresholds);
    expect(card).toMatchObject({
      supervised_examples: 0,
      quality: { mean: null, tenths: Array.from({ length: 10 }, () => 0) },
      verified: { examples: 0, share: null, interval: null },
      contributors: { people: 0, largest_share: null },
      warnings: [],
    });
    expect(card.gates.every((gate) => !gate.passed)).toBe(true);
  });

  it("counts types, splits, groups, quality, verification and contributors", () => {
    const cards = new CardBuilder();
    cards.add(item({ isVerified: true, contributorId: "a" }));
    cards.add(
      item({ example_type: "negative", expected_output: "", quality_score: 0.75, contributorId: "a" }),
    );
    cards.add(
      item({ example_type: "correction", split: "test", group: "h", quality_score: 1, contributorId: "b" }),
    );
    cards.add(item({ split: "validation", group: "i", quality_score: null }));
    const card = cards.build(NOTHING, thresholds);
    expect(card).toMatchObject({
      counts: { positive: 2, negative: 1, correction: 1, preference: 0 },
      supervised_examples: 3,
      splits: {
        train: { examples: 2, groups: 1 },
        validation: { examples: 1, groups: 1 },
        test: { examples: 1, groups: 1 },
      },
      quality: { mean: 0.88, tenths: [0, 0, 0, 0, 0, 0, 0, 1, 0, 2] },
      verified: { examples: 1, share: 0.25 },
      contributors: { people: 2, largest_share: 0.5 },
    });
    // Wilson, 1 of 4.
    expect(card.verified.interval?.[0]).toBeCloseTo(0.0456, 4);
    expect(card.verified.interval?.[1]).toBeCloseTo(0.6994, 4);
  });

  it("warns of low alpha, of empty splits and of what was left out", () => {
    const cards = new CardBuilder();
    cards.add(item());
    const agreement = agreementOf([
      { approvals: 2, rejections: 0, examples: 85 },
      { approvals: 1, rejections: 1, examples: 15 },
    ]);
    const ids = Array.from({ length: 150 }, (_, index) => `id ${index}`);
    const card = cards.build({ ...NOTHING, agreement, excluded: { examples: 150, ids } }, thresholds);
    expect(card.warnings).toHaveLength(4);
    expect(card.warnings[0]).toContain("alpha");
    expect(card.warnings[1]).toBe("The validation split is empty.");
    expect(card.warnings[2]).toBe("The test split is empty.");
    expect(card.warnings[3]).toContain("150 examples were left out");
    expect(card.excluded.ids).toHaveLength(100);
  });
});
