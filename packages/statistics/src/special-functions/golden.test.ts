import { describe, expect, test } from "vitest";
import { binomialTest, lnBinomialProbability } from "./binomial.ts";
import { erf, erfc, lnErfc } from "./erf.ts";
import { goldenRows, relativeError } from "./golden.testing.ts";
import { lnBetaTails } from "./incomplete-beta.ts";
import { lnChiSquareTails, lnGammaTails } from "./incomplete-gamma.ts";
import { lnBeta, lnGamma } from "./ln-gamma.ts";
import { lnNormalCdf, normalCdf, normalQuantile } from "./normal.ts";
import { lnStudentTails, studentQuantile } from "./student.ts";

type Arguments = [number, number, number];

const functions: Record<string, (...a: Arguments) => number | readonly number[]> = {
  lnGamma,
  lnBeta,
  erf,
  erfc,
  lnErfc,
  normalCdf,
  lnNormalCdf,
  normalQuantile,
  studentQuantile,
  lnBinomialProbability,
  lnGammaTails: (a, x) => both(lnGammaTails(a, x)),
  lnBetaTails: (x, a, b) => both(lnBetaTails(x, a, b)),
  lnChiSquareTails: (x, degrees) => both(lnChiSquareTails(x, degrees)),
  lnStudentUpper: (t, degrees) => lnStudentTails(t, degrees).upper,
  binomialTwoSided: (successes, trials, probability) =>
    binomialTest({ successes, trials, probability, alternative: "two-sided" }),
};

function both(tails: { lower: number; upper: number }): number[] {
  return [tails.lower, tails.upper];
}

describe("values of mpmath, to 1e-10 relative", () => {
  test.each(Object.keys(functions))("%s", (name) => {
    const evaluate = functions[name] as (...a: Arguments) => number | readonly number[];
    for (const row of goldenRows(name)) {
      const result = evaluate(...(row as unknown as Arguments));
      const actual = typeof result === "number" ? [result] : result;
      const expected = row.slice(-actual.length);
      actual.forEach((value, i) => {
        const error = relativeError(value, expected[i] as number);
        expect(error, `${name}(${row.join(", ")}) gave ${value}`).toBeLessThan(1e-10);
      });
    }
  });
});
