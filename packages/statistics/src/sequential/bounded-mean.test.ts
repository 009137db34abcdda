import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { binomialTest } from "../special-functions/binomial.ts";
import { boundedMeanTest, type BoundedMeanState, type BoundedMeanTest } from "./bounded-mean.ts";

const third = 0.05 / 3;
const errors = boundedMeanTest({ limit: 0.05, breach: "above", alpha: third });

const options = fc.record({
  limit: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
  breach: fc.constantFrom("above" as const, "below" as const),
  alpha: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
});

function afterwards(guardrail: BoundedMeanTest, state: BoundedMeanState, value: number): number {
  const copy = structuredClone(state);
  guardrail.observe(copy, value);
  return Math.exp(guardrail.lnEvidence(copy));
}

test("a martingale: at the limit, the expectation of E after one more unit is E", () => {
  const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 });
  const spread = fc.double({ min: 0.001, max: 1, noNaN: true });
  fc.assert(
    fc.property(options, values, spread, (option, history, part) => {
      const guardrail = boundedMeanTest(option);
      const state = guardrail.start();
      for (const value of history) guardrail.observe(state, value);
      fc.pre(state.breachedAt === null);
      const wealth = Math.exp(guardrail.lnEvidence(state));
      // Two values around the limit, weighted so that their mean is the limit.
      const [low, high] = [option.limit * (1 - part), option.limit + (1 - option.limit) * part];
      const weight = (high - option.limit) / (high - low);
      const expected =
        weight * afterwards(guardrail, state, low) + (1 - weight) * afterwards(guardrail, state, high);
      expect(expected / wealth).toBeCloseTo(1, 9);
    }),
  );
});

test("no observation is no evidence either way, and evidence is never below what has not been staked", () => {
  expect(errors.lnEvidence(errors.start())).toBe(0);
  const state = errors.start();
  for (let i = 0; i < 10_000; i++) errors.observe(state, 0);
  expect(Math.exp(errors.lnEvidence(state))).toBeGreaterThanOrEqual(1 / 10_001);
});

test("a worse value is more evidence", () => {
  const value = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(options, fc.array(value, { maxLength: 20 }), value, value, (option, history, a, b) => {
      const guardrail = boundedMeanTest({ ...option, alpha: 1e-300 });
      const state = guardrail.start();
      for (const x of history) guardrail.observe(state, x);
      const [mild, severe] = a < b === (option.breach === "above") ? [a, b] : [b, a];
      expect(afterwards(guardrail, state, severe)).toBeGreaterThanOrEqual(afterwards(guardrail, state, mild));
    }),
  );
});

test("mirrored values at the mirrored limit give the same evidence", () => {
  const above = boundedMeanTest({ limit: 0.25, breach: "above", alpha: 0.01 });
  const below = boundedMeanTest({ limit: 0.75, breach: "below", alpha: 0.01 });
  const [a, b] = [above.start(), below.start()];
  const random = new SeededRandom("mirror");
  for (let i = 0; i < 300; i++) {
    const value = Math.floor(random.uniform() * 1024) / 1024;
    expect(below.observe(b, 1 - value)).toBe(above.observe(a, value));
    expect(below.lnEvidence(b)).toBeCloseTo(above.lnEvidence(a), 10);
  }
});

test("a state that went through JSON goes on alike, and a breach stays", () => {
  const random = new SeededRandom("json");
  const state = errors.start();
  for (let i = 0; i < 100; i++) errors.observe(state, random.uniform() < 0.05 ? 1 : 0);
  const copy = JSON.parse(JSON.stringify(state)) as BoundedMeanState;
  for (let i = 0; i < 300; i++) {
    const value = random.uniform() < 0.3 ? 1 : 0;
    expect(errors.observe(copy, value)).toBe(errors.observe(state, value));
  }
  expect(copy).toEqual(state);
  expect(state.units).toBe(400);
  const breachedAt = state.breachedAt as number;
  expect(breachedAt).toBeLessThan(400);
  for (let i = 0; i < 5000; i++) expect(errors.observe(state, 0)).toBe(true);
  expect(state.breachedAt).toBe(breachedAt);
  expect(errors.lnEvidence(state)).toBeGreaterThanOrEqual(-Math.log(third));
});

interface Run {
  readonly guardrail: BoundedMeanTest;
  readonly draw: (random: SeededRandom, unit: number) => number;
  readonly units: number;
  readonly runs: number;
}

/** The unit of each run's breach, in order; Infinity where there was none. */
function breachTimes({ guardrail, draw, units, runs }: Run): number[] {
  return Array.from({ length: runs }, (_, run) => {
    const random = new SeededRandom(`run ${run}`);
    const state = guardrail.start();
    for (let unit = 0; unit < units; unit++)
      if (guardrail.observe(state, draw(random, unit))) return unit + 1;
    return Infinity;
  }).sort((a, b) => a - b);
}

describe("at the boundary, looked at after every unit, false breaches are not more frequent than alpha", () => {
  const coin = (p: number) => (random: SeededRandom) => (random.uniform() < p ? 1 : 0);
  const above = boundedMeanTest({ limit: 0.05, breach: "above", alpha: 0.05 });
  const rare = boundedMeanTest({ limit: 0.005, breach: "above", alpha: 0.05 });
  const below = boundedMeanTest({ limit: 0.45, breach: "below", alpha: 0.05 });
  test.each<[string, BoundedMeanTest, (random: SeededRandom, unit: number) => number]>([
    ["yes or no", above, coin(0.05)],
    ["rare", rare, coin(0.005)],
    ["shares of several requests", above, (random) => coin(0.1)(random) * random.uniform()],
    [
      "a mean that drifts below the limit",
      above,
      (random, unit) => coin(unit % 2000 < 1000 ? 0.05 : 0.01)(random),
    ],
    ["satisfaction", below, coin(0.45)],
    ["constant at the limit", below, () => 0.45],
  ])("%s", (_name, guardrail, draw) => {
    const runs = 500;
    const breaches = breachTimes({ guardrail, draw, units: 4000, runs }).filter(
      (time) => time < Infinity,
    ).length;
    const test = binomialTest({
      successes: breaches,
      trials: runs,
      probability: 0.05,
      alternative: "greater",
    });
    expect(test, `${breaches} of ${runs}`).toBeGreaterThan(0.001);
  });
});

describe("power at a third of 0.05", () => {
  const p90 = (run: Omit<Run, "guardrail" | "runs">): number =>
    breachTimes({ ...run, guardrail: errors, runs: 300 })[269] as number;
  const rate = (p: number) => (random: SeededRandom) => (random.uniform() < p ? 1 : 0);

  test("twice the limit within 600 units, four times within 150", () => {
    expect(p90({ draw: rate(0.1), units: 2000 })).toBeLessThanOrEqual(600);
    expect(p90({ draw: rate(0.2), units: 2000 })).toBeLessThanOrEqual(150);
  });

  test("after 3,000 healthy units a failure of 30 % is found within 150 more", () => {
    const draw = (random: SeededRandom, unit: number): number => rate(unit < 3000 ? 0.01 : 0.3)(random);
    expect(p90({ draw, units: 6000 })).toBeLessThanOrEqual(3150);
  });

  test("no false breach far below the limit", () => {
    expect(breachTimes({ guardrail: errors, draw: rate(0.02), units: 3000, runs: 300 })[0]).toBe(Infinity);
  });
});

test("values outside [0, 1] and options that have no meaning are refused by name", () => {
  expect(() => errors.observe(errors.start(), 1.01)).toThrow("value");
  expect(() => errors.observe(errors.start(), Number.NaN)).toThrow("value");
  expect(() => boundedMeanTest({ limit: 1, breach: "above", alpha: 0.05 })).toThrow("limit");
  expect(() => boundedMeanTest({ limit: 0.5, breach: "above", alpha: 0 })).toThrow("alpha");
});
