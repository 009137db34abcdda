import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidArgument } from "../invalid-argument.ts";
import { binomialTest, lnBinomialLowerTail, lnBinomialProbability, lnBinomialUpperTail } from "./binomial.ts";
import { erf, erfc, lnErfc } from "./erf.ts";
import { lnBetaTails } from "./incomplete-beta.ts";
import { lnGammaTails, type LnTails } from "./incomplete-gamma.ts";
import { lnBeta, lnGamma, stirlingError } from "./ln-gamma.ts";
import { lnNormalCdf, normalCdf, normalQuantile } from "./normal.ts";
import { lnStudentTails, studentQuantile } from "./student.ts";

const positive = (max: number): fc.Arbitrary<number> => fc.double({ min: 0.05, max, noNaN: true });
const unit = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });

function total({ lower, upper }: LnTails): number {
  return Math.exp(lower) + Math.exp(upper);
}

describe("gamma and beta", () => {
  test("Gamma(x + 1) = x Gamma(x), Legendre's duplication, Stirling's error", () => {
    fc.assert(
      fc.property(positive(1e6), (x) => {
        const scale = Math.max(1, Math.abs(lnGamma(x)));
        expect((lnGamma(x + 1) - lnGamma(x) - Math.log(x)) / scale).toBeCloseTo(0, 12);
        const doubled = lnGamma(x) + lnGamma(x + 0.5) + (2 * x - 1) * Math.LN2 - 0.5 * Math.log(Math.PI);
        expect((doubled - lnGamma(2 * x)) / scale).toBeCloseTo(0, 12);
        expect(stirlingError(x)).toBeGreaterThan(0);
        expect(stirlingError(x)).toBeLessThanOrEqual(1 / (12 * x));
      }),
    );
  });

  test("B(a, b) = B(b, a) and B(a + 1, b) + B(a, b + 1) = B(a, b)", () => {
    fc.assert(
      fc.property(positive(1e5), positive(1e5), (a, b) => {
        expect(lnBeta(b, a)).toBeCloseTo(lnBeta(a, b), 8);
        const parts = Math.exp(lnBeta(a + 1, b) - lnBeta(a, b)) + Math.exp(lnBeta(a, b + 1) - lnBeta(a, b));
        expect(parts).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe("tails", () => {
  test("both tails add up to 1 and move the right way", () => {
    fc.assert(
      fc.property(
        positive(5000),
        positive(5000),
        unit,
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        (a, b, x, r) => {
          const beta = lnBetaTails(x, a, b);
          const gamma = lnGammaTails(a, a * r);
          expect(total(beta)).toBeCloseTo(1, 11);
          expect(total(gamma)).toBeCloseTo(1, 11);
          expect(lnBetaTails(x, a + 1, b).lower).toBeLessThanOrEqual(beta.lower + 1e-12);
          expect(lnGammaTails(a, a * r * 1.01).lower).toBeGreaterThanOrEqual(gamma.lower - 1e-12);
        },
      ),
    );
  });

  test("a beta distribution mirrored changes its tails over", () => {
    fc.assert(
      fc.property(positive(1000), positive(1000), unit, (a, b, x) => {
        const tails = lnBetaTails(x, a, b);
        const mirrored = lnBetaTails(1 - x, b, a, x);
        expect(Math.exp(mirrored.upper - tails.lower)).toBeCloseTo(1, 8);
      }),
    );
  });

  test("the ends: an empty tail is -Infinity", () => {
    expect(lnBetaTails(0, 2, 3)).toEqual({ lower: -Infinity, upper: 0 });
    expect(lnBetaTails(1, 2, 3)).toEqual({ lower: 0, upper: -Infinity });
    expect(lnGammaTails(2, 0)).toEqual({ lower: -Infinity, upper: 0 });
    expect(lnGammaTails(2, Infinity)).toEqual({ lower: 0, upper: -Infinity });
    expect(lnStudentTails(-Infinity, 5).lower).toBe(-Infinity);
    expect(lnStudentTails(-Infinity, 5).upper).toBeCloseTo(0, 300);
    expect(lnNormalCdf(-Infinity)).toBe(-Infinity);
    expect(lnErfc(Infinity)).toBe(-Infinity);
  });

  test("no input makes a continued fraction run on", () => {
    expect(() => lnBetaTails(0.5, 1, 1, Number.NaN)).toThrow("complement");
    expect(Number.isFinite(lnBetaTails(0.5, 1e12, 1e12).lower)).toBe(true);
    expect(lnGammaTails(1e9, 1e9).lower).toBeCloseTo(-Math.LN2, 4);
    const absurd = lnBetaTails(0.5, 1e200, 1e200);
    expect(typeof absurd.lower).toBe("number");
  });
});

describe("normal and Student's t", () => {
  test("quantiles are the inverses of the distribution functions", () => {
    fc.assert(
      fc.property(unit, fc.double({ min: 0.3, max: 1e5, noNaN: true }), (p, degrees) => {
        expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 10);
        expect(Math.exp(lnStudentTails(studentQuantile(p, degrees), degrees).lower) / p).toBeCloseTo(1, 9);
      }),
    );
  });

  test("symmetric around 0", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 30, noNaN: true }), positive(1000), (x, degrees) => {
        expect(erf(-x) + erf(x)).toBe(0);
        expect(erfc(-x) + erfc(x)).toBeCloseTo(2, 14);
        expect(lnStudentTails(x, degrees).upper).toBe(lnStudentTails(-x, degrees).lower);
      }),
    );
  });

  test("Student's t has heavier tails than the normal and approaches it", () => {
    const tail = (degrees: number): number => lnStudentTails(-3, degrees).lower;
    const values = [1, 2, 5, 20, 100, 1e4].map(tail);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(tail(1e12)).toBeCloseTo(lnNormalCdf(-3), 9);
    expect(studentQuantile(0.5, 3)).toBe(0);
  });
});

describe("binomial", () => {
  const counts = fc
    .integer({ min: 1, max: 3000 })
    .chain((trials) => fc.tuple(fc.nat(trials), fc.constant(trials)));

  test("tails and probabilities belong together", () => {
    fc.assert(
      fc.property(counts, unit, ([k, trials], p) => {
        const atMost = Math.exp(lnBinomialLowerTail(k, trials, p));
        const atLeast = Math.exp(lnBinomialUpperTail(k, trials, p));
        expect(atMost + atLeast - Math.exp(lnBinomialProbability(k, trials, p))).toBeCloseTo(1, 10);
      }),
    );
  });

  test("probabilities add up to 1", () => {
    for (const [trials, p] of [
      [1, 0.3],
      [40, 0.01],
      [500, 0.77],
    ] as const) {
      const sum = Array.from({ length: trials + 1 }, (_, k) => Math.exp(lnBinomialProbability(k, trials, p)));
      expect(sum.reduce((all, value) => all + value, 0)).toBeCloseTo(1, 12);
    }
    expect(lnBinomialLowerTail(-1, 5, 0.5)).toBe(-Infinity);
    expect(lnBinomialUpperTail(6, 5, 0.5)).toBe(-Infinity);
  });

  test("counting failures instead gives the same p value; a two-sided one is at least the smaller one-sided", () => {
    fc.assert(
      fc.property(counts, unit, ([successes, trials], probability) => {
        const p = binomialTest({ successes, trials, probability, alternative: "two-sided" });
        const less = binomialTest({ successes, trials, probability, alternative: "less" });
        const greater = binomialTest({ successes, trials, probability, alternative: "greater" });
        const failures = { successes: trials - successes, trials, probability: 1 - probability };
        expect(binomialTest({ ...failures, alternative: "greater" })).toBeCloseTo(less, 9);
        expect(p).toBeGreaterThanOrEqual(Math.min(less, greater) - 1e-9);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("arguments without a meaning are refused by name", () => {
  test.each<[string, () => unknown]>([
    ["x", () => lnGamma(0)],
    ["x", () => lnGamma(Number.NaN)],
    ["b", () => lnBeta(1, -1)],
    ["p", () => normalQuantile(1)],
    ["p", () => studentQuantile(0, 3)],
    ["degreesOfFreedom", () => lnStudentTails(1, 0)],
    ["a", () => lnGammaTails(Infinity, 1)],
    ["x", () => lnGammaTails(1, -1)],
    ["x", () => lnBetaTails(1.5, 1, 1)],
    ["trials", () => binomialTest({ successes: 0, trials: 0, probability: 0.5, alternative: "less" })],
    ["successes", () => binomialTest({ successes: 3, trials: 2, probability: 0.5, alternative: "less" })],
    ["probability", () => binomialTest({ successes: 1, trials: 2, probability: 1, alternative: "less" })],
  ])("%s", (argument, call) => {
    expect(call).toThrow(InvalidArgument);
    expect(call).toThrow(expect.objectContaining({ argument, name: "InvalidArgument" }));
  });
});
