import { InvalidArgument, requireCount, requireOpenUnit } from "../invalid-argument.ts";
import { HALF_LN_TWO_PI } from "./constants.ts";
import { lnBetaTails } from "./incomplete-beta.ts";
import { stirlingError } from "./ln-gamma.ts";
import { lnMinusExcess, lnAdd } from "./logarithms.ts";

/** ln P(X = successes) of a Binomial(trials, probability), accurate also for millions of trials (Loader 2000). */
export function lnBinomialProbability(successes: number, trials: number, probability: number): number {
  if (successes === 0) return trials * Math.log1p(-probability);
  if (successes === trials) return trials * Math.log(probability);
  const failures = trials - successes;
  const mean = trials * probability;
  return (
    successes * lnMinusExcess(mean / successes, (mean - successes) / successes) +
    failures * lnMinusExcess((trials - mean) / failures, (successes - mean) / failures) +
    0.5 * Math.log(trials / successes / failures) -
    HALF_LN_TWO_PI +
    stirlingError(trials) -
    stirlingError(successes) -
    stirlingError(failures)
  );
}

/** ln P(X <= successes) of a Binomial(trials, probability). */
export function lnBinomialLowerTail(successes: number, trials: number, probability: number): number {
  if (successes < 0) return -Infinity;
  if (successes >= trials) return 0;
  return lnBetaTails(probability, successes + 1, trials - successes).upper;
}

/** ln P(X >= successes) of a Binomial(trials, probability). */
export function lnBinomialUpperTail(successes: number, trials: number, probability: number): number {
  if (successes <= 0) return 0;
  if (successes > trials) return -Infinity;
  return lnBetaTails(probability, successes, trials - successes + 1).lower;
}

export interface BinomialTestInput {
  readonly successes: number;
  readonly trials: number;
  /** The success probability under the null hypothesis, in (0, 1). */
  readonly probability: number;
  readonly alternative: "two-sided" | "less" | "greater";
}

/**
 * Exact binomial test; returns the p value. Two-sided: the probability of all outcomes that are no more likely than the one
 * observed (the definition of R and SciPy, with their tolerance of 1e-7 on "no more likely").
 */
export function binomialTest(input: BinomialTestInput): number {
  const { successes, trials, probability } = input;
  requireCount("trials", trials, 1);
  requireCount("successes", successes);
  if (successes > trials) throw new InvalidArgument("successes", `at most the ${trials} trials`, successes);
  requireOpenUnit("probability", probability);
  if (input.alternative === "less") return Math.exp(lnBinomialLowerTail(successes, trials, probability));
  if (input.alternative === "greater") return Math.exp(lnBinomialUpperTail(successes, trials, probability));
  const mean = trials * probability;
  if (successes === mean) return 1;
  const limit = lnBinomialProbability(successes, trials, probability) + 1e-7;
  const isRare = (k: number): boolean => lnBinomialProbability(k, trials, probability) <= limit;
  if (successes < mean) {
    const other = firstTrue(isRare, Math.ceil(mean), trials + 1);
    return twoTails(successes, other, trials, probability);
  }
  const other = trials - firstTrue((k) => isRare(trials - k), trials - Math.floor(mean), trials + 1);
  return twoTails(other, successes, trials, probability);
}

function twoTails(low: number, high: number, trials: number, probability: number): number {
  const lower = lnBinomialLowerTail(low, trials, probability);
  return Math.min(1, Math.exp(lnAdd(lower, lnBinomialUpperTail(high, trials, probability))));
}

/** The smallest k in [low, high) for which `test` holds, `high` where there is none; `test` must stay true once it is. */
function firstTrue(test: (k: number) => boolean, low: number, high: number): number {
  let [a, b] = [low, high];
  while (a < b) {
    const middle = Math.floor((a + b) / 2);
    if (test(middle)) b = middle;
    else a = middle + 1;
  }
  return a;
}
