import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlaybookRule } from "../candidate.ts";
import { countEvidence, isRetired, probabilityOfHarm } from "./weigh-rule.ts";

const rule = (id: string, helpful = 0, harmful = 0, evidenceIds: string[] = []): PlaybookRule => ({
  id,
  text: `Rule ${id}`,
  helpful,
  harmful,
  evidenceIds,
});

describe("the probability of harm", () => {
  // Beta(1 + a, 1 + b) below 1/2 is the binomial tail P(X > a) of a + b + 1 fair coins.
  test.each([
    [0, 0, 0.5],
    [1, 0, 0.25],
    [0, 1, 0.75],
    [3, 0, 0.0625],
    [1, 4, 0.890625],
    [2, 2, 0.5],
  ])("%d helpful and %d harmful: %d", (helpful, harmful, probability) => {
    expect(probabilityOfHarm({ helpful, harmful })).toBeCloseTo(probability, 12);
  });

  test("rises with harm and falls with help", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (helpful, harmful) => {
        const now = probabilityOfHarm({ helpful, harmful });
        expect(probabilityOfHarm({ helpful: helpful + 1, harmful })).toBeLessThanOrEqual(now);
        expect(probabilityOfHarm({ helpful, harmful: harmful + 1 })).toBeGreaterThanOrEqual(now);
      }),
      { numRuns: 50 },
    );
  });
});

test("a rule goes only on enough evidence", () => {
  expect(isRetired(rule("a", 0, 2))).toBe(false);
  expect(isRetired(rule("a", 0, 3))).toBe(true);
  expect(isRetired(rule("a", 2, 3))).toBe(false);
  expect(isRetired(rule("a", 1, 4))).toBe(true);
});

describe("counting evidence", () => {
  test("each piece once for each rule, others untouched", () => {
    const [one, other] = [rule("a", 1, 0, ["e1"]), rule("b")];
    const evidence = [
      { ruleId: "a", helpful: false, evidenceId: "e1" },
      { ruleId: "a", helpful: true, evidenceId: "e2" },
      { ruleId: "a", helpful: true, evidenceId: "e2" },
      { ruleId: "a", helpful: false, evidenceId: "e3" },
    ];
    const { playbook, retired } = countEvidence([one, other], evidence);
    expect(retired).toEqual([]);
    expect(playbook).toEqual([rule("a", 2, 1, ["e1", "e2", "e3"]), other]);
    expect(playbook[1]).toBe(other);
    expect(countEvidence(playbook, evidence).playbook).toEqual(playbook);
  });

  test("what does harm is retired with its evidence", () => {
    const evidence = ["1", "2", "3"].map((evidenceId) => ({ ruleId: "a", helpful: false, evidenceId }));
    const { playbook, retired } = countEvidence([rule("a"), rule("b")], evidence);
    expect(playbook).toEqual([rule("b")]);
    expect(retired).toEqual([rule("a", 0, 3, ["1", "2", "3"])]);
  });
});
