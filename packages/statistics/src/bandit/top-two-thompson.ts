import { InvalidArgument, requireFinite, requireOpenUnit } from "../invalid-argument.ts";
import { lnSum } from "../special-functions/logarithms.ts";
import { lnNormalCdf } from "../special-functions/normal.ts";

/** What is known of an arm's mean: its posterior is taken as normal. */
export interface ArmBelief {
  readonly mean: number;
  /** Standard deviation of the mean, above 0. */
  readonly deviation: number;
}

export interface TopTwoOptions {
  /** Share that no arm falls below, so that each stays comparable; at most 1 / arms. Default 0.05. */
  readonly floor?: number;
  /** Probability of playing the sampled best arm instead of a challenger; default 0.5, above it less is learned of the others. */
  readonly leaderShare?: number;
  /** True where a smaller mean is better; default false. */
  readonly isLowerBetter?: boolean;
}

/** Where the integrand is this many nats below its peak, nothing counts any more. */
const DEPTH = 50;

/**
 * Nodes and ln weights on [-1, 1] of the double exponential rule (Takahasi and Mori 1974), whose nodes crowd at the ends: an arm with
 * a wide posterior beside narrow ones has an integrand that starts like a wall.
 */
const RULE: readonly { readonly x: number; readonly lnWeight: number }[] = Array.from(
  { length: 257 },
  (_, i) => {
    const t = (i - 128) / 40;
    const u = (Math.PI / 2) * Math.sinh(t);
    return {
      x: Math.tanh(u),
      lnWeight: Math.log(((Math.PI / 2) * Math.cosh(t)) / 40) - 2 * Math.log(Math.cosh(u)),
    };
  },
);

/**
 * ln of the probability that each arm is the best one: ln of the integral over x of its density times the distribution functions of
 * all others. In logarithms, so that arms far behind keep their order among themselves. Accurate to about 1e-6.
 */
export function lnProbabilitiesOfBest(
  beliefs: readonly ArmBelief[],
  options: Pick<TopTwoOptions, "isLowerBetter"> = {},
): number[] {
  requireBeliefs(beliefs);
  const sign = options.isLowerBetter === true ? -1 : 1;
  const raw = beliefs.map((_, i) => lnIntegral((z) => lnIntegrand(beliefs, i, sign, z), reach(beliefs, i)));
  // The exact probabilities add up to 1; dividing takes the error of the quadrature out of the sum.
  const total = lnSum(raw);
  return raw.map((value) => Math.min(0, value - total));
}

/** ln of the integral of exp(f) for a log-concave f with its peak in [-reach, reach]. */
function lnIntegral(f: (z: number) => number, reach: number): number {
  let [low, high] = [-reach, reach];
  for (let step = 0; step < 200 && high - low > 1e-9 * reach; step++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (f(a) < f(b)) low = a;
    else high = b;
  }
  const peak = (low + high) / 2;
  const depth = f(peak) - DEPTH;
  const left = edge((distance) => f(peak - distance) > depth);
  const right = edge((distance) => f(peak + distance) > depth);
  const middle = peak + (right - left) / 2;
  const half = (left + right) / 2;
  return lnSum(RULE.map(({ x, lnWeight }) => f(middle + half * x) + lnWeight)) + Math.log(half);
}

/** The distance up to which `isInside` holds; the integrand is never wider than a normal density. */
function edge(isInside: (distance: number) => boolean): number {
  let [inside, outside] = [0, 2 * Math.sqrt(2 * DEPTH)];
  for (let step = 0; step < 60; step++) {
    const middle = (inside + outside) / 2;
    if (isInside(middle)) inside = middle;
    else outside = middle;
  }
  return outside;
}

/** Deviations of arm i within which the peak lies: between its own mean and the mean of every other arm. */
function reach(beliefs: readonly ArmBelief[], i: number): number {
  const own = beliefs[i] as ArmBelief;
  const farthest = Math.max(...beliefs.map((other) => Math.abs(other.mean - own.mean)));
  const widest = Math.max(...beliefs.map((other) => other.deviation));
  return 2 + farthest / own.deviation + (4 * widest) / own.deviation;
}

/** ln of density and distribution functions at z deviations of arm i, without the constant of the density. */
function lnIntegrand(beliefs: readonly ArmBelief[], i: number, sign: number, z: number): number {
  const own = beliefs[i] as ArmBelief;
  let sum = -0.5 * z * z;
  beliefs.forEach((other, j) => {
    if (j !== i) sum += lnNormalCdf((sign * (own.mean - other.mean) + own.deviation * z) / other.deviation);
  });
  return sum;
}

/**
 * Shares of the arms under top-two Thompson sampling (Russo 2016): draw a mean for every arm and take the best one with probability b,
 * else draw again until another arm is best and take that. In closed form, with a_i the probability that arm i is best:
 * b a_i + (1 - b) sum over j other than i of a_j a_i / (1 - a_j). Plain Thompson sampling (b = 1) starves the runner-up, and with it the
 * comparison. Then a floor: floor + (1 - arms floor) share.
 *
 * Deterministic, so that the allocation of a revision can be audited. Shares that change over time need `observeExposure` for the
 * sample ratio and `inverseShareSummary` for the estimates.
 *
 * @returns shares in the order of `beliefs`, adding up to 1
 */
export function topTwoThompsonShares(beliefs: readonly ArmBelief[], options: TopTwoOptions = {}): number[] {
  const { floor = 0.05, leaderShare = 0.5 } = options;
  requireOpenUnit("leaderShare", leaderShare);
  const arms = beliefs.length;
  if (!(floor >= 0 && floor * arms <= 1)) {
    throw new InvalidArgument("floor", `between 0 and 1 / arms (${1 / arms})`, floor);
  }
  const lnBest = lnProbabilitiesOfBest(beliefs, options);
  if (arms === 1) return [1];
  const lnOthers = lnBest.map((_, j) => lnSum(lnBest.filter((_, k) => k !== j)));
  const shares = lnBest.map((own, i) => {
    let challenger = 0;
    lnBest.forEach((leader, j) => {
      if (j === i) return;
      // All others of a leader may have underflowed together: nothing tells them apart, so they share evenly.
      const lnRest = lnOthers[j] as number;
      challenger += Math.exp(leader) * (lnRest === -Infinity ? 1 / (arms - 1) : Math.exp(own - lnRest));
    });
    return leaderShare * Math.exp(own) + (1 - leaderShare) * challenger;
  });
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => floor + (1 - arms * floor) * (share / total));
}

/**
 * Shares as whole weights for `createAllocation`, by the largest remainders; they add up to `total` exactly. A share above 0 gets at
 * least 1 where `total` allows it.
 */
export function wholeWeights(shares: readonly number[], total: number = 10_000): number[] {
  const sum = shares.reduce((partial, share) => partial + share, 0);
  if (!(sum > 0 && sum < Infinity) || shares.some((share) => !(share >= 0))) {
    throw new InvalidArgument("shares", "numbers of at least 0 with a sum above 0", shares);
  }
  if (!Number.isSafeInteger(total) || total < shares.length) {
    throw new InvalidArgument("total", `a whole number of at least the ${shares.length} arms`, total);
  }
  const exact = shares.map((share) => (total * share) / sum);
  const weights = exact.map((weight, i) => ((shares[i] as number) > 0 ? Math.max(1, Math.floor(weight)) : 0));
  const excess = (i: number): number => (exact[i] as number) - (weights[i] as number);
  let left = total - weights.reduce((partial, weight) => partial + weight, 0);
  const byExcess = shares.map((_, i) => i).sort((a, b) => excess(b) - excess(a) || a - b);
  for (let k = 0; left > 0; k++, left--) increase(weights, byExcess[k] as number, 1);
  // Arms that were lifted to 1 take it from the largest one.
  for (; left < 0; left++) increase(weights, weights.indexOf(Math.max(...weights)), -1);
  return weights;
}

function increase(weights: number[], i: number, by: number): void {
  weights[i] = (weights[i] as number) + by;
}

function requireBeliefs(beliefs: readonly ArmBelief[]): void {
  if (beliefs.length === 0) throw new InvalidArgument("beliefs", "a list that is not empty", beliefs);
  beliefs.forEach(({ mean, deviation }, i) => {
    requireFinite(`beliefs[${i}].mean`, mean);
    if (!(deviation > 0 && deviation < Infinity)) {
      throw new InvalidArgument(`beliefs[${i}].deviation`, "a finite number above 0", deviation);
    }
  });
}
