import { agentPolicy } from "@agent-learning/contract";
import { attemptAlpha, SeededRandom } from "@agent-learning/statistics";
import { describe, expect, it } from "vitest";
import { assessErrorRate, isBelowLimit } from "./assess-error-rate.ts";
import { assessGuardrails } from "./assess-guardrails.ts";
import { assessRise } from "./assess-rise.ts";
import { brokenGuardrail } from "./broken-guardrail.ts";
import { type Behaviour, type Canary, ninetieth, POLICY, runCanary, testsOf } from "./canary.testing.ts";
import { type GuardrailState, startGuardrails } from "./guardrail-state.ts";
import { observeUnits, type UnitObservation } from "./observe-units.ts";
import { watchedGuardrails } from "./watched-guardrails.ts";

const tests = testsOf();
const assessLatency = (state: GuardrailState): ReturnType<typeof assessRise> =>
  assessRise({
    tests,
    state,
    guardrail: watchedGuardrails(POLICY.guardrails)[2] as never,
    alpha: 0.05,
    minimumUnits: 200,
  });
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

/** In `many` only one metric is observed, so that only its guardrail can break. */
const isAnyBroken = (state: GuardrailState): boolean => brokenGuardrail(tests, state) !== undefined;

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
    many({ metric: "error_rate", control: fails(control), candidate: fails(candidate), units }, isAnyBroken);

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
      isAnyBroken,
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
      isAnyBroken,
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
    many({ metric: "latency_ms", control, candidate, units }, isAnyBroken, 60);

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
      isAnyBroken,
    );
    expect(state.rises.latency?.seen).toMatchObject({ limit: null, slow: { units: 0 } });
    const assessed = assessLatency(state);
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
  expect((second.lnThreshold.error_rate ?? 0) - (first.lnThreshold.error_rate ?? 0)).toBeCloseTo(
    Math.log(4),
    10,
  );
});

describe("additional guardrails", () => {
  const policy = agentPolicy.parse({
    guardrails: {
      required: ["error_rate"],
      additional: [
        { metric: "cost_usd", kind: "rise", limit: 0.5 },
        { metric: "grounded", kind: "drop", limit: 0.1 },
      ],
    },
  });
  const extra = testsOf(policy);
  const run = (
    metric: string,
    candidate: Behaviour,
    control: Behaviour,
    isBroken: (state: GuardrailState) => boolean,
  ) =>
    Array.from(
      { length: 20 },
      (_, seed) =>
        runCanary(extra, { metric, candidate, control, units: 1200, seed: seed + 1 }, isBroken).brokenAt,
    );
  const costBroken = (state: GuardrailState): boolean => state.rises.cost_usd?.ratio.breachedAt !== null;
  const groundedBroken = (state: GuardrailState): boolean =>
    state.drops.grounded?.seen.pairs.breachedAt !== null;
  const costs =
    (factor: number): Behaviour =>
    (random, unit) =>
      takes(factor)(random, unit) / 1e6;

  it("divide the level among all", () => {
    expect(extra.lnThreshold.error_rate).toBeCloseTo(-Math.log(attemptAlpha(0.05, 1) / 3 / 2), 12);
    expect(Object.keys(extra.lnThreshold)).toEqual(["error_rate", "cost_usd", "grounded"]);
    expect(Object.keys(startGuardrails(extra).silence)).toEqual(["error_rate", "cost_usd", "grounded"]);
  });

  it("find a version that costs twice as much, and none that costs the same", () => {
    expect(ninetieth(run("cost_usd", costs(2), costs(1), costBroken))).toBeLessThanOrEqual(600);
    expect(broken(run("cost_usd", costs(1), costs(1), costBroken))).toBe(0);
  });

  it("find a drop of a metric of the caller's own", () => {
    expect(ninetieth(run("grounded", likes(0.5), likes(0.8), groundedBroken))).toBeLessThanOrEqual(1200);
    expect(broken(run("grounded", likes(0.8), likes(0.8), groundedBroken))).toBe(0);
  });

  it("say what they are about", () => {
    const { state } = runCanary(
      extra,
      { metric: "cost_usd", candidate: costs(3), control: costs(1), units: 600, seed: 1 },
      costBroken,
    );
    const question = { tests: extra, state, policy, stage: 0, stageHours: 24, now: new Date(0) };
    const [, cost, grounded] = assessGuardrails(question);
    expect(cost).toMatchObject({ name: "cost_usd", status: "breached" });
    expect(cost?.sentence).toMatch(
      /candidate units were above [\d.]+ USD, .* control units did: more than the 5.0 %/,
    );
    expect(grounded?.sentence).toBe(
      "Grounded is no data over 0 candidate units and no data over 0 control units: not yet shown to be above the limit.",
    );
  });

  it("ignore a metric that nothing watches", () => {
    const before = startGuardrails(extra);
    const unit: UnitObservation = { metric: "latency_ms", arm: "candidate", value: 1e9, share: 0.05 };
    expect(observeUnits(extra, before, [unit])).toEqual(before);
  });
});
