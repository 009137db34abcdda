import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { binomialTest } from "../special-functions/binomial.ts";
import { satisfactionTest, type SatisfactionState } from "./satisfaction.ts";

const guardrail = satisfactionTest({ allowedDrop: 0.1, alpha: 0.05 / 3 });

interface Scenario {
  readonly canary: (unit: number) => number;
  readonly control: (unit: number) => number;
  readonly canaryShare: number;
  readonly units: number;
}

/** Canary units until the drop is found, Infinity if it never is; votes are yes or no. */
function votesUntilFound(scenario: Scenario, seed: string, test = guardrail): number {
  const random = new SeededRandom(seed);
  const state = test.start();
  for (let unit = 0; unit < scenario.units; unit++) {
    const side = random.uniform() < scenario.canaryShare ? "canary" : "control";
    const mean = scenario[side](unit);
    if (test.observe(state, side, random.uniform() < mean ? 1 : 0)) return state.canaryUnits;
  }
  return Infinity;
}

describe("at exactly 90 % of the control, false alarms are not more frequent than alpha", () => {
  const atFive = satisfactionTest({ allowedDrop: 0.1, alpha: 0.05 });
  const wave = (unit: number): number => 0.5 + 0.4 * Math.sin(unit / 500);
  test.each<[string, Scenario]>([
    ["equal cohorts", { canary: () => 0.72, control: () => 0.8, canaryShare: 0.5, units: 6000 }],
    ["a 5/95 split", { canary: () => 0.72, control: () => 0.8, canaryShare: 0.05, units: 20_000 }],
    [
      "a base rate that drifts",
      { canary: (u) => 0.9 * wave(u), control: wave, canaryShare: 0.5, units: 6000 },
    ],
  ])("%s", (_name, scenario) => {
    const runs = 300;
    const alarms = Array.from({ length: runs }, (_, i) => votesUntilFound(scenario, `${i}`, atFive)).filter(
      (votes) => votes < Infinity,
    ).length;
    const p = binomialTest({ successes: alarms, trials: runs, probability: 0.05, alternative: "greater" });
    expect(p, `${alarms} of ${runs}`).toBeGreaterThan(0.001);
  });
});

test("a drop of 20 % is found within 1,800 votes a side (p90)", () => {
  const scenario = { canary: () => 0.64, control: () => 0.8, canaryShare: 0.5, units: 20_000 };
  const votes = Array.from({ length: 200 }, (_, i) => votesUntilFound(scenario, `power ${i}`)).sort(
    (a, b) => a - b,
  );
  expect(votes[179]).toBeLessThanOrEqual(1800);
});

test("an equal canary is not rolled back", () => {
  const scenario = { canary: () => 0.8, control: () => 0.8, canaryShare: 0.5, units: 6000 };
  const found = Array.from({ length: 100 }, (_, i) => votesUntilFound(scenario, `equal ${i}`));
  expect(found.filter((votes) => votes < Infinity)).toEqual([]);
});

test("every unit is counted once and forms at most one pair, with the most recent partner", () => {
  const state = guardrail.start();
  guardrail.observe(state, "control", 0.25);
  guardrail.observe(state, "control", 1);
  expect(state.waiting).toEqual([0.25, 1]);
  guardrail.observe(state, "canary", 0.5);
  expect(state.waiting).toEqual([0.25]);
  expect(state.pairs.units).toBe(1);
  expect(state.pairs.sum).toBeCloseTo((0.5 - 0.9 + 0.9) / 1.9, 12);
  guardrail.observe(state, "canary", 0);
  guardrail.observe(state, "canary", 1);
  expect([state.waitingSide, state.waiting]).toEqual(["canary", [1]]);
  expect([state.canaryUnits, state.canarySum, state.controlUnits, state.controlSum]).toEqual([
    3, 1.5, 2, 1.25,
  ]);
});

test("the order in which a pair's two units arrive makes no difference", () => {
  const value = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { maxLength: 30 }), (pairs) => {
      const [first, second] = [guardrail.start(), guardrail.start()];
      for (const [canary, control] of pairs) {
        guardrail.observe(first, "canary", canary);
        guardrail.observe(first, "control", control);
        guardrail.observe(second, "control", control);
        guardrail.observe(second, "canary", canary);
      }
      expect(guardrail.lnEvidence(first)).toBe(guardrail.lnEvidence(second));
    }),
  );
});

test("what waits stays bounded, and the state survives JSON", () => {
  const state = guardrail.start();
  for (let i = 0; i < 100_000; i++) guardrail.observe(state, "control", 0.5);
  expect(state.waiting.length).toBeLessThanOrEqual(512);
  expect(state.controlUnits).toBe(100_000);
  const copy = JSON.parse(JSON.stringify(state)) as SatisfactionState;
  for (let i = 0; i < 50; i++)
    expect(guardrail.observe(copy, "canary", 0)).toBe(guardrail.observe(state, "canary", 0));
  expect(copy).toEqual(state);
});

test("values and options that have no meaning are refused by name", () => {
  expect(() => guardrail.observe(guardrail.start(), "canary", 4)).toThrow("value");
  expect(() => satisfactionTest({ allowedDrop: 1, alpha: 0.05 })).toThrow("allowedDrop");
  expect(() => satisfactionTest({ allowedDrop: Number.NaN, alpha: 0.05 })).toThrow("allowedDrop");
});
