import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { binomialTest } from "../special-functions/binomial.ts";
import { errorComparisonTest, type ErrorComparisonState } from "./error-comparison.ts";

const guardrail = errorComparisonTest({ alpha: 0.05 });

function stateOf(canaryErrors: number, controlErrors: number, canaryShare: number): ErrorComparisonState {
  const state = guardrail.start();
  for (let i = 0; i < controlErrors; i++) guardrail.observeError(state, "control", canaryShare);
  for (let i = 0; i < canaryErrors; i++) guardrail.observeError(state, "canary", canaryShare);
  return state;
}

test.each([
  [10, 60, 0.05, 3.334165392],
  [8, 8, 0.5, -1.355159248],
])("reference: %d canary and %d control errors at a share of %d", (canary, control, share, expected) => {
  expect(guardrail.lnEvidence(stateOf(canary, control, share))).toBeCloseTo(expected, 9);
});

const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });

test("a martingale at equal rates, whatever the share of the next moment", () => {
  fc.assert(
    fc.property(fc.nat(30), fc.nat(30), share, share, (canary, control, before, now) => {
      const state = stateOf(canary, control, before);
      const evidence = guardrail.lnEvidence(state);
      const after = (side: "canary" | "control"): number => {
        const copy = structuredClone(state);
        guardrail.observeError(copy, side, now);
        return Math.exp(guardrail.lnEvidence(copy) - evidence);
      };
      expect(now * after("canary") + (1 - now) * after("control")).toBeCloseTo(1, 9);
    }),
  );
});

test("errors of the canary are evidence, errors of the control are evidence to the contrary", () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), share, (canary, control, w) => {
      const evidence = guardrail.lnEvidence(stateOf(canary, control, w));
      expect(guardrail.lnEvidence(stateOf(canary + 1, control, w))).toBeGreaterThan(evidence);
      expect(guardrail.lnEvidence(stateOf(canary, control + 1, w))).toBeLessThan(evidence);
    }),
  );
});

describe("with a ratio that is allowed", () => {
  const tolerant = errorComparisonTest({ alpha: 0.05, allowedRatio: 2 });

  test("a martingale at that ratio of the rates, falling below it, rising above it", () => {
    const ratio = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), share, ratio, (canary, control, w, rates) => {
        const state = tolerant.start();
        for (let i = 0; i < control; i++) tolerant.observeError(state, "control", w);
        for (let i = 0; i < canary; i++) tolerant.observeError(state, "canary", w);
        const evidence = tolerant.lnEvidence(state);
        const after = (side: "canary" | "control"): number => {
          const copy = structuredClone(state);
          tolerant.observeError(copy, side, w);
          return Math.exp(tolerant.lnEvidence(copy) - evidence);
        };
        const expectationAt = (t: number): number =>
          (w * t * after("canary") + (1 - w) * after("control")) / (w * t + 1 - w);
        expect(expectationAt(2)).toBeCloseTo(1, 9);
        expect((expectationAt(rates) - 1) * (rates - 2)).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });

  test("identical arms are not rolled back in 2,000 runs, five times the errors are found in all", () => {
    const found = (canaryRate: number, seed: string): boolean => {
      const random = new SeededRandom(seed);
      const state = tolerant.start();
      for (let unit = 0; unit < 4000 && state.breachedAt === null; unit++) {
        const isCanary = random.uniform() < 0.5;
        if (random.uniform() < (isCanary ? canaryRate : 0.03)) {
          tolerant.observeError(state, isCanary ? "canary" : "control", 0.5);
        }
      }
      return state.breachedAt !== null;
    };
    const count = (rate: number, runs: number): number =>
      Array.from({ length: runs }, (_, i) => found(rate, `${rate}:${i}`)).filter(Boolean).length;
    expect(count(0.03, 2000)).toBeLessThanOrEqual(1);
    expect(count(0.15, 50)).toBe(50);
  });
});

interface Scenario {
  readonly canaryRate: (unit: number) => number;
  readonly controlRate: (unit: number) => number;
  readonly share: (unit: number) => number;
}

function isFound(scenario: Scenario, seed: string): boolean {
  const random = new SeededRandom(seed);
  const state = guardrail.start();
  for (let unit = 0; unit < 8000; unit++) {
    const w = scenario.share(unit);
    const isCanary = random.uniform() < w;
    const rate = (isCanary ? scenario.canaryRate : scenario.controlRate)(unit);
    if (random.uniform() < rate) guardrail.observeError(state, isCanary ? "canary" : "control", w);
  }
  return state.breachedAt !== null;
}

describe("identical arms are told apart in at most alpha of runs", () => {
  const drift = (unit: number): number => (unit < 4000 ? 0.01 : 0.2);
  const ramp = (unit: number): number => (unit < 4000 ? 0.05 : 0.25);
  test.each<[string, Scenario]>([
    ["steady", { canaryRate: () => 0.05, controlRate: () => 0.05, share: () => 0.5 }],
    ["a base rate that moves", { canaryRate: drift, controlRate: drift, share: () => 0.05 }],
    ["while the stage changes", { canaryRate: drift, controlRate: drift, share: ramp }],
  ])("%s", (_name, scenario) => {
    const runs = 300;
    const alarms = Array.from({ length: runs }, (_, i) => isFound(scenario, `${i}`)).filter(Boolean).length;
    const p = binomialTest({ successes: alarms, trials: runs, probability: 0.05, alternative: "greater" });
    expect(p, `${alarms} of ${runs}`).toBeGreaterThan(0.001);
  });

  test("a canary with three times the errors is found", () => {
    const scenario = { canaryRate: () => 0.09, controlRate: () => 0.03, share: () => 0.25 };
    const found = Array.from({ length: 50 }, (_, i) => isFound(scenario, `worse ${i}`)).filter(
      Boolean,
    ).length;
    expect(found).toBe(50);
  });
});

test("a state that went through JSON goes on alike, and a breach stays", () => {
  const state = stateOf(3, 40, 0.05);
  const copy = JSON.parse(JSON.stringify(state)) as ErrorComparisonState;
  for (let i = 0; i < 20; i++) {
    expect(guardrail.observeError(copy, "canary", 0.05)).toBe(guardrail.observeError(state, "canary", 0.05));
  }
  expect(copy).toEqual(state);
  expect(state.breachedAt).not.toBeNull();
  for (let i = 0; i < 500; i++) expect(guardrail.observeError(state, "control", 0.05)).toBe(true);
});

test("shares and ratios that have no meaning are refused by name", () => {
  expect(() => guardrail.observeError(guardrail.start(), "canary", 1)).toThrow("canaryShare");
  expect(() => errorComparisonTest({ alpha: 0.05, rateRatios: [2, 1] })).toThrow("rateRatios[1]");
  expect(() => errorComparisonTest({ alpha: 0.05, rateRatios: [] })).toThrow("rateRatios");
  expect(() => errorComparisonTest({ alpha: 0.05, allowedRatio: 0 })).toThrow("allowedRatio");
  expect(() => errorComparisonTest({ alpha: Number.NaN })).toThrow("alpha");
});
