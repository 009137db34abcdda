import { binomialTest } from "@agent-learning/statistics";

/** How often something happened that may happen with a probability of at most `alpha`, or never. */
export interface RateBar {
  readonly count: number;
  readonly runs: number;
  /** 0: never. */
  readonly alpha: number;
}

/** p of the exact binomial test of "rate at most alpha"; small is bad. */
export function rateP({ count, runs, alpha }: RateBar): number {
  if (alpha === 0) return count === 0 ? 1 : 0;
  return binomialTest({ successes: count, trials: runs, probability: alpha, alternative: "greater" });
}

/** The bar is kept where the test does not reject at 5 %. */
export function keepsRate(bar: RateBar): boolean {
  return rateP(bar) >= 0.05;
}

/** The value that a part of all values does not exceed; those that were never found count as Infinity. */
export function quantile(values: readonly (number | null)[], part: number): number {
  const sorted = values.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.POSITIVE_INFINITY;
}

/** Exact (Clopper and Pearson's) 95 % interval of a rate: the rates that neither one-sided binomial test rejects at 2.5 %. */
export function rateInterval(count: number, runs: number): [lower: number, upper: number] {
  const edge = (alternative: "greater" | "less"): number => {
    let [inside, outside] = [count / runs, alternative === "greater" ? 0 : 1];
    for (let step = 0; step < 60; step++) {
      const probability = (inside + outside) / 2;
      const p = binomialTest({ successes: count, trials: runs, probability, alternative });
      if (p < 0.025) outside = probability;
      else inside = probability;
    }
    return inside;
  };
  return [count === 0 ? 0 : edge("greater"), count === runs ? 1 : edge("less")];
}
