import { requireCount, requireUnit } from "../invalid-argument.ts";
import { randomBeta } from "./gamma.ts";
import type { RandomSource } from "./random-source.ts";

/** Below this mean the number of failures between successes is walked through one success at a time. */
const WALK = 10;

/**
 * A draw of the Binomial(trials, probability) distribution. While the mean is large, an order statistic of the uniform draws
 * (a beta draw) halves the problem (Devroye 1986, X.4.3); then the waiting times are walked.
 */
export function randomBinomial(random: RandomSource, trials: number, probability: number): number {
  requireCount("trials", trials);
  requireUnit("probability", probability);
  if (probability > 0.5) return trials - randomBinomial(random, trials, 1 - probability);
  let [n, p, successes] = [trials, probability, 0];
  while (n * p > WALK) {
    const middle = Math.floor((n + 1) * p);
    const value = randomBeta(random, middle, n + 1 - middle);
    if (value <= p) {
      successes += middle;
      n -= middle;
      p = (p - value) / (1 - value);
    } else {
      n = middle - 1;
      p /= value;
    }
  }
  return successes + walk(random, n, p);
}

function walk(random: RandomSource, trials: number, probability: number): number {
  if (probability <= 0 || trials === 0) return 0;
  if (probability >= 1) return trials;
  const lnFailure = Math.log1p(-probability);
  let successes = 0;
  let position = 0;
  for (;;) {
    position += 1 + Math.floor(Math.log(1 - random.uniform()) / lnFailure);
    if (position > trials) return successes;
    successes++;
  }
}
