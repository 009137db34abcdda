import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { errorRateTest, type ErrorRateState } from "./error-rate.ts";

const reference = errorRateTest({ limit: 0.05, alpha: 0.05 });

test("reference values", () => {
  expect(reference.lnEvidence({ units: 100, errors: 10 })).toBeCloseTo(1.191428396, 9);
  expect(reference.lnEvidence({ units: 1000, errors: 80 })).toBeCloseTo(6.696419284, 9);
});

test("no observation is no evidence either way", () => {
  expect(reference.lnEvidence({ units: 0, errors: 0 })).toBe(0);
});

const counts = fc
  .integer({ min: 1, max: 5000 })
  .chain((units) => fc.tuple(fc.constant(units), fc.nat(units)));

test("an error is evidence, a success is evidence to the contrary", () => {
  fc.assert(
    fc.property(counts, ([units, errors]) => {
      const evidence = reference.lnEvidence({ units, errors });
      expect(reference.lnEvidence({ units: units + 1, errors: errors + 1 })).toBeGreaterThan(evidence);
      expect(reference.lnEvidence({ units: units + 1, errors })).toBeLessThan(evidence);
    }),
  );
});

test("a martingale at the limit: the expectation of E after one more unit is E", () => {
  fc.assert(
    fc.property(counts, fc.double({ min: 0.001, max: 0.5, noNaN: true }), ([units, errors], limit) => {
      const guardrail = errorRateTest({ limit, alpha: 0.05 });
      const now = guardrail.lnEvidence({ units, errors });
      const error = Math.exp(guardrail.lnEvidence({ units: units + 1, errors: errors + 1 }) - now);
      const success = Math.exp(guardrail.lnEvidence({ units: units + 1, errors }) - now);
      expect(limit * error + (1 - limit) * success).toBeCloseTo(1, 7);
    }),
  );
});

test("far below the limit the evidence vanishes and never comes back as a clamp", () => {
  const guardrail = errorRateTest({ limit: 0.3, alpha: 0.05 });
  const values = [1e3, 1e4, 1e5, 1e6, 1e7].map((units) =>
    guardrail.lnEvidence({ units, errors: units / 1000 }),
  );
  values.forEach((value, i) => expect(value).toBeLessThan(i === 0 ? 0 : (values[i - 1] as number)));
});

test("the verdict after every unit is that of E >= 1 / alpha, and it stays", () => {
  const rates = fc.double({ min: 0, max: 0.5, noNaN: true });
  fc.assert(
    fc.property(fc.string(), rates, fc.constantFrom(0.05, 0.01, 0.3), (seed, rate, alpha) => {
      const guardrail = errorRateTest({ limit: 0.05, alpha });
      const random = new SeededRandom(seed);
      const state = guardrail.start();
      let isBreached = false;
      for (let i = 0; i < 200; i++) {
        const verdict = guardrail.observe(state, random.uniform() < rate);
        isBreached ||= guardrail.lnEvidence(state) >= -Math.log(alpha);
        expect(verdict).toBe(isBreached);
      }
      expect(state.breachedAt !== null).toBe(isBreached);
    }),
    { numRuns: 50 },
  );
});

test("a state that went through JSON into another process goes on alike", () => {
  const here = errorRateTest({ limit: 0.05, alpha: 0.05 });
  const state: ErrorRateState = here.start();
  const random = new SeededRandom("json");
  for (let i = 0; i < 150; i++) here.observe(state, random.uniform() < 0.08);
  const copy = JSON.parse(JSON.stringify(state)) as ErrorRateState;
  const there = errorRateTest({ limit: 0.05, alpha: 0.05 });
  for (let i = 0; i < 1000; i++) {
    const isError = random.uniform() < 0.1;
    expect(there.observe(copy, isError)).toBe(here.observe(state, isError));
  }
  expect(copy).toEqual(state);
  expect(state.breachedAt).not.toBeNull();
});

/** Probability that a rate of `rate` is ever rolled back within `units`, exact, by summing over the number of errors. */
function exactRollbackProbability(limit: number, alpha: number, rate: number, units: number): number {
  const guardrail = errorRateTest({ limit, alpha });
  const threshold = -Math.log(alpha);
  let alive = [1];
  let rolledBack = 0;
  let boundary = 1;
  for (let n = 1; n <= units; n++) {
    const next = Array.from({ length: alive.length + 1 }, (_, k) => {
      return (alive[k] ?? 0) * (1 - rate) + (k > 0 ? (alive[k - 1] as number) * rate : 0);
    });
    while (boundary <= n && guardrail.lnEvidence({ units: n, errors: boundary }) < threshold) boundary++;
    for (const p of next.splice(boundary)) rolledBack += p;
    alive = next;
  }
  return rolledBack;
}

describe("exact error probabilities under a look at every unit", () => {
  test.each([
    [0.05, 0.05, 3000],
    [0.05, 0.05 / 3, 3000],
    [0.005, 0.05, 3000],
    [0.3, 0.1, 1500],
  ])(
    "at the limit %d a rollback at level %d within %d units is not more likely than that",
    (limit, alpha, units) => {
      const probability = exactRollbackProbability(limit, alpha, limit, units);
      expect(probability).toBeLessThanOrEqual(alpha);
      expect(probability).toBeGreaterThan(alpha / 20);
    },
  );

  test("at 40 % of the limit a rollback is rarer than one in ten thousand", () => {
    expect(exactRollbackProbability(0.05, 0.05 / 3, 0.02, 3000)).toBeLessThan(1e-4);
  });

  test("twice the limit is found within 600 units, four times within 150 (p90, a third of 0.05)", () => {
    expect(exactRollbackProbability(0.05, 0.05 / 3, 0.1, 600)).toBeGreaterThan(0.9);
    expect(exactRollbackProbability(0.05, 0.05 / 3, 0.2, 150)).toBeGreaterThan(0.9);
  });
});

test("options and counts that have no meaning are refused by name", () => {
  expect(() => errorRateTest({ limit: 0, alpha: 0.05 })).toThrow("limit");
  expect(() => errorRateTest({ limit: 0.05, alpha: 1 })).toThrow("alpha");
  expect(() => errorRateTest({ limit: 0.05, alpha: 0.05, optimalAlpha: 0.5 })).toThrow("optimalAlpha");
  expect(() => errorRateTest({ limit: 0.05, alpha: 0.05, optimalUnits: 1 })).toThrow("optimalUnits");
  expect(() => reference.lnEvidence({ units: 5, errors: 6 })).toThrow("errors");
});
