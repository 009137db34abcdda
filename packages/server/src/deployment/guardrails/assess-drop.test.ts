import {
  addPairedUnit,
  NO_PAIRED_UNITS,
  type PairedUnitSums,
  SeededRandom,
} from "@agent-learning/statistics";
import { describe, expect, it } from "vitest";
import type { SubjectSums } from "../../evaluation/exposures/index.ts";
import { assessDrop, isWithinDrop, lookAtDrop } from "./assess-drop.ts";
import { testsOf } from "./canary.testing.ts";
import { type DropState, type GuardrailState, startGuardrails } from "./guardrail-state.ts";
import type { WatchedGuardrail } from "./watched-guardrails.ts";

const tests = testsOf();

const votes = (units: number, liked: number): PairedUnitSums => ({
  n: units,
  sum: liked,
  sumSquares: liked,
  otherSum: units,
  otherSumSquares: units,
  crossSum: liked,
});

const sums = (...stages: [control: PairedUnitSums, candidate: PairedUnitSums][]): SubjectSums =>
  Object.fromEntries(
    stages.map(([control, candidate], stage) => [
      String(stage),
      { control: { satisfaction: control }, candidate: { satisfaction: candidate } },
    ]),
  );

const stateOf = (value: SubjectSums): GuardrailState => ({ ...startGuardrails(tests), sums: value });
const guardrail: WatchedGuardrail = {
  name: "satisfaction",
  metric: "satisfaction",
  kind: "drop",
  limit: 0.1,
};
const settings = { guardrail, stage: 0, minimumUnits: 200, alpha: 0.05 };
const looksOf = (state: GuardrailState): DropState["looks"] | undefined => state.drops.satisfaction?.looks;

describe("isWithinDrop", () => {
  it.each<[string, SubjectSums, boolean]>([
    ["like the control, with many units", sums([votes(1000, 700), votes(1000, 700)]), true],
    ["like the control, with few units", sums([votes(100, 70), votes(100, 70)]), false],
    ["better, with few units", sums([votes(200, 120), votes(200, 160)]), true],
    ["at the limit", sums([votes(1000, 700), votes(1000, 630)]), false],
    ["below the limit", sums([votes(1000, 700), votes(1000, 500)]), false],
    ["all satisfied in both arms", sums([votes(300, 300), votes(300, 300)]), true],
    ["nobody satisfied in either", sums([votes(300, 0), votes(300, 0)]), true],
    ["nothing in one arm", sums([votes(300, 200), NO_PAIRED_UNITS]), false],
    ["nothing at all", {}, false],
  ])("%s", (_name, value, within) => {
    expect(isWithinDrop(value, "satisfaction", 0.1, 0.05)).toBe(within);
  });

  // Pooled, the candidate would look worse: it was large when everybody was unhappy.
  it("compares within stages when the arms' sizes and the mood differ between them", () => {
    const value = sums([votes(2000, 1800), votes(400, 360)], [votes(400, 160), votes(2000, 800)]);
    expect(isWithinDrop(value, "satisfaction", 0.1, 0.05)).toBe(true);
  });
});

describe("lookAtDrop", () => {
  it("takes no look below the minimum of units", () => {
    const state = lookAtDrop(stateOf(sums([votes(199, 199), votes(199, 199)])), settings);
    expect(looksOf(state)).toEqual({ stage: 0, count: 0, units: 0, passed: false });
  });

  it("remembers that it passed, for this stage only", () => {
    const state = lookAtDrop(stateOf(sums([votes(1000, 700), votes(1000, 700)])), settings);
    expect(looksOf(state)).toEqual({ stage: 0, count: 1, units: 1000, passed: true });
    expect(looksOf(lookAtDrop(state, settings))?.count).toBe(1);
    const question = { tests, state, guardrail };
    expect(assessDrop({ ...question, stage: 0 })).toMatchObject({
      status: "passed",
      withinLimit: true,
    });
    expect(assessDrop({ ...question, stage: 1 }).withinLimit).toBe(false);
    expect(looksOf(lookAtDrop(state, { ...settings, stage: 1 }))).toMatchObject({ stage: 1, count: 1 });
  });

  it("waits for half as many units more before it looks again", () => {
    let state = lookAtDrop(stateOf(sums([votes(210, 147), votes(210, 140)])), settings);
    expect(looksOf(state)).toMatchObject({ count: 1, passed: false });
    state = lookAtDrop({ ...state, sums: sums([votes(300, 210), votes(300, 200)]) }, settings);
    expect(looksOf(state)?.count).toBe(1);
    state = lookAtDrop({ ...state, sums: sums([votes(315, 210), votes(315, 200)]) }, settings);
    expect(looksOf(state)?.count).toBe(2);
  });

  it("lets a version at the limit through in at most one of twenty stages, however long it is looked at", () => {
    let passed = 0;
    const runs = 200;
    for (let seed = 0; seed < runs; seed += 1) {
      const random = new SeededRandom(seed);
      let [control, candidate] = [NO_PAIRED_UNITS, NO_PAIRED_UNITS];
      let state = stateOf({});
      for (let unit = 1; unit <= 3000 && looksOf(state)?.passed !== true; unit += 1) {
        control = addPairedUnit(control, Number(random.uniform() < 0.7), 1);
        candidate = addPairedUnit(candidate, Number(random.uniform() < 0.63), 1);
        if (unit % 20 === 0) {
          state = lookAtDrop({ ...state, sums: sums([control, candidate]) }, settings);
        }
      }
      passed += Number(looksOf(state)?.passed);
    }
    expect(passed).toBeLessThanOrEqual(runs / 20 + 4);
  });
});

describe("assessDrop", () => {
  it("has no limit before the control has a vote", () => {
    const assessed = assessDrop({ tests, state: stateOf({}), guardrail, stage: 0 });
    expect(assessed).toMatchObject({ status: "undecided", candidate: null, limit: null, withinLimit: false });
    expect(assessed.sentence).toContain("no votes");
  });

  it("puts the limit at the control's mean less the drop", () => {
    const state = stateOf(sums([votes(100, 80), votes(100, 75)]));
    const assessed = assessDrop({ tests, state, guardrail, stage: 0 });
    expect(assessed.limit).toBeCloseTo(0.72, 12);
    expect(assessed.sentence).toContain("0.750 over 100 candidate units and 0.800 over 100 control units");
  });
});
