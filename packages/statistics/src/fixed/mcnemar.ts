import { requireCount } from "../invalid-argument.ts";
import { binomialTest } from "../special-functions/binomial.ts";

export interface McNemarInput {
  /** Pairs that only the baseline passed: what the candidate broke. */
  readonly onlyBaseline: number;
  /** Pairs that only the candidate passed: what it repaired. */
  readonly onlyCandidate: number;
  /** Default two-sided; `less`: the candidate is worse, `greater`: it is better. */
  readonly alternative?: "two-sided" | "less" | "greater";
}

/**
 * Exact McNemar test of paired yes/no results: pairs on which both agree say nothing, and of the others each side should win
 * half. Returns the p value; 1 where no pair differs.
 */
export function mcNemarTest(input: McNemarInput): number {
  const { onlyBaseline, onlyCandidate, alternative = "two-sided" } = input;
  requireCount("onlyBaseline", onlyBaseline);
  requireCount("onlyCandidate", onlyCandidate);
  const trials = onlyBaseline + onlyCandidate;
  if (trials === 0) return 1;
  return binomialTest({ successes: onlyCandidate, trials, probability: 0.5, alternative });
}
