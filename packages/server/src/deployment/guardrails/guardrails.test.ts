import { SeededRandom } from "@agent-learning/statistics";
import { describe, expect, it } from "vitest";
import { assessErrorRate, isBelowLimit } from "./assess-error-rate.ts";
import { assessLatency } from "./assess-latency.ts";
import { type Behaviour, type Canary, ninetieth, POLICY, runCanary, testsOf } from "./canary.testing.ts";
import { type GuardrailState, startGuardrails } from "./guardrail-state.ts";
import { observeUnits, type UnitObservation } from "./observe-units.ts";

const tests = testsOf();
const fails =
  (rate: number): Behaviour =>
  (random) =>
    Number(random.uniform() < rate);
const likes = fails;
/** Log-normal around 400 ms, times a factor. */
const takes =
  (factor: number): Behaviour =>
  (random) => {
    const [u, v] = [random.uniform(), random.uniform()];
    return 400 * factor * Math.exp(0.4 * Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v));
  };

const errorBroken = (state: GuardrailState): boolean =>
  state.errorRate.breachedAt !== null || state.errorComparison.breachedAt !== null;
const satisfactionBroken = (state: GuardrailState): boolean => state.satisfaction.pairs.breachedAt !== null;
const latencyBroken = (state: GuardrailState): boolean =>
  assessLatency({ tests, state, alpha: 0.05, minimumUnits: 200 }).status === "breached";

const RUNS = 100;
const many = (
  canary: Omit<Canary, "seed">,
  isBroken: (state: GuardrailState) => boolean,
  runs = RUNS,
): (number | undefined)[] =>
  Array.from(
    { length: runs },
    (_, seed) => runCanary(tests, { ...canary, seed: seed + 1 }, isBroken).brokenAt,
  );
const broken = (found: (number | undefined)[]): number => found.filter((at) => at !== undefined).length;

describe("failures", () => {
  const run = (control: number, candidate: number, units: number): (number | undefined)[] =>
    many({ metric: "error_rate", control: fails(control), candidate: fails(candidate), units }, errorBroken);

  it("at twice the limit are found within 600 units in nine of ten canaries", () => {
    expect(ninetieth(run(0.02, 0.1, 1000))).toBeLessThanOrEqual(600);
  });

  it("at four times the limit within 150", () => {
    expect(ninetieth(run(0.02, 0.2, 1000))).toBeLessThanOrEqual(150);
  });

  it("at 40 % of the limit never roll back a canary that is like its control", () => {
    expect(broken(run(0.02, 0.02, 2000))).toBeLessThanOrEqual(2);
  });

  it("at the limit roll back few canaries that are like their control", () => {
    expect(broken(run(0.05, 0.05, 2000))).toBeLessThanOrEqual(4);
  });

  it("below the limit are found when the control has far fewer", () => {
    expect(ninetieth(run(0.004, 0.04, 2500))).toBeLessThanOrEqual(2500);
  });

  it("that move in both arms alike are no evidence against the candidate alone", () => {
    const drifting: Behaviour = (random, unit) =>
      Number(random.uniform() < 0.01 + 0.03 * Math.sin(unit / 200) ** 2);
    const found = many(
      { metric: "error_rate", control: drifting, candidate: drifting, units: 2000 },
      errorBroken,
    );
    expect(broken(found)).toBeLessThanOrEqual(3);
  });

  it("are counted by units: comparisons leave out those exposed beyond half of the traffic", () => {
    const unit: UnitObservation = { metric: "error_rate", arm: "candidate", value: 1, share: 0.75 };
    const state = observeUnits(tests, startGuardrails(tests), [unit, { ...unit, share: 0.5 }]);
    expect(state.errorRate).toMatchObject({ units: 2, errors: 2 });
    expect(state.errorComparison).toMatchObject({ canaryErrors: 1, controlErrors: 0 });
  });
});

describe("satisfaction", () => {
  const run = (candidate: number, units: number): (number | undefined)[] =>
    many(
      { metric: "satisfaction", control: likes(0.8), candidate: likes(candidate), units },
      satisfactionBroken,
      60,
    );

  it("20 % below the control is found within 1,800 votes a side in nine of ten canaries", () => {
    expect(ninetieth(run(0.8 * 0.8, 1800))).toBeLessThanOrEqual(1800);
  });

  it("like the control, or 5 % below it, rolls nothing back", () => {
    expect(broken(run(0.8, 1500))).toBe(0);
    expect(broken(run(0.8 * 0.95, 1500))).toBeLessThanOrEqual(1);
  });
});

describe("latency", () => {
  const run = (candidate: Behaviour, control: Behaviour, units: number): (number | undefined)[] =>
    many({ metric: "latency_ms", control, candidate, units }, latencyBroken, 60);

  it("twice the control's is found within 500 units in nine of ten canaries", () => {
    expect(ninetieth(run(takes(2), takes(1), 500))).toBeLessThanOrEqual(500);
  });

  it("like the control's, or a quarter above it, rolls nothing back", () => {
    expect(broken(run(takes(1), takes(1), 1000))).toBe(0);
    expect(broken(run(takes(1.25), takes(1), 1000))).toBe(0);
  });

  it("at exactly the limit rolls back few canaries", () => {
    expect(broken(run(takes(1.5), takes(1), 1000))).toBeLessThanOrEqual(2);
  });

  it("that doubles in both arms in the middle rolls nothing back", () => {
    const shifting: Behaviour = (random, unit) => takes(unit < 500 ? 1 : 2)(random, unit);
    expect(broken(run(shifting, shifting, 1200))).toBeLessThanOrEqual(1);
  });

  it("does not count the candidate before there is a limit to compare it with", () => {
    const { state } = runCanary(
      tests,
      { metric: "latency_ms", control: takes(1), candidate: takes(1), units: 50, seed: 1 },
      latencyBroken,
    );
    expect(state.latency).toMatchObject({ limit: null, slow: { units: 0 } });
    const assessed = assessLatency({ tests, state, alpha: 0.05, minimumUnits: 200 });
    expect(assessed).toMatchObject({ status: "undecided", limit: null, candidate: null });
    expect(assessed.sentence).toContain("too few control units");
  });
});

describe("isBelowLimit", () => {
  it.each([
    [60, 0, false],
    [110, 0, true],
    [200, 2, true],
    [200, 8, false],
    [1000, 30, true],
    [1000, 50, false],
    [1000, 80, false],
  ])("%d units with %d failures: %s", (units, errors, below) => {
    expect(isBelowLimit({ units, errors }, { limit: 0.05, alpha: 0.05 })).toBe(below);
  });

  it("passes a version at the limit rarely, however often it is asked", () => {
    let passed = 0;
    for (let seed = 0; seed < 200; seed += 1) {
      const random = new SeededRandom(seed);
      let errors = 0;
      for (let units = 1; units <= 1500; units += 1) {
        errors += Number(random.uniform() < 0.05);
        if (units % 25 === 0 && isBelowLimit({ units, errors }, { limit: 0.05, alpha: 0.05 })) {
          passed += 1;
          break;
        }
      }
    }
    expect(passed).toBeLessThanOrEqual(10);
  });
});

describe("assessErrorRate", () => {
  const assess = (units: number, errors: number, requests?: [number, number]) => {
    const observations = Array.from({ length: units }, (_, index): UnitObservation => ({
      metric: "error_rate",
      arm: "candidate",
      value: Number(
        index % Math.max(1, Math.floor(units / Math.max(1, errors))) === 0 && index / units < 1 && errors > 0,
      ),
      share: 0.05,
    }));
    const state = observeUnits(tests, startGuardrails(tests), observations);
    const [sum, otherSum] = requests ?? [errors, units];
    const sums = { n: units, sum, sumSquares: sum, otherSum, otherSumSquares: otherSum, crossSum: sum };
    const counted = { ...state, sums: { "0": { candidate: { error_rate: sums }, control: {} } } };
    return assessErrorRate({ tests, state: counted, limit: 0.05, alpha: 0.05, minimumUnits: 200 });
  };

  it("passes few failures, and says so in numbers", () => {
    expect(assess(400, 4)).toMatchObject({
      status: "passed",
      candidate_units: 400,
      candidate: 0.01,
      sentence: "4 of 400 candidate units failed (1.0 %): below the 5.0 % that are allowed.",
    });
  });

  it("does not pass with fewer units than the policy's", () => {
    expect(assess(150, 0).withinLimit).toBe(false);
  });

  it("does not pass when later requests of the units fail", () => {
    expect(assess(400, 0, [400, 4000]).withinLimit).toBe(false);
  });

  it("breaks on many", () => {
    expect(assess(100, 50)).toMatchObject({ status: "breached", limit: 0.05 });
    expect(assess(100, 50).ln_evidence).toBeGreaterThan(assess(100, 50).ln_threshold);
  });

  it("stays finite without a single unit", () => {
    const assessed = assess(0, 0);
    expect(JSON.parse(JSON.stringify(assessed))).toEqual(assessed);
    expect(assessed).toMatchObject({ status: "undecided", candidate: null });
  });
});

it("has a smaller level at each attempt", () => {
  const [first, second] = [testsOf(POLICY, 1), testsOf(POLICY, 2)];
  expect(second.lnThreshold.error_rate - first.lnThreshold.error_rate).toBeCloseTo(Math.log(4), 10);
});
