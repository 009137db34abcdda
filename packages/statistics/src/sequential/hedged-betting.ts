import { requireCount, requireOpenUnit, requireUnit } from "../invalid-argument.ts";

/** No bet risks more than this part of the wealth. */
const CAP = 0.5;
/** Before the first observation: mean 1/2 and variance 1/4, each with the weight of one observation. */
const PRIOR_MEAN = 0.5;
const PRIOR_VARIANCE = 0.25;

/**
 * The predictable plug-in bets of Waudby-Smith and Ramdas 2024 (section 3.2), for observations in [0, 1]:
 * sqrt(2 ln(2 / alpha) / (v_(t-1) t ln(1 + t))), v the running variance of what came before; two-sided, so at alpha / 2.
 */
export function predictableBets(observations: ArrayLike<number>, alpha: number): Float64Array {
  requireOpenUnit("alpha", alpha);
  const bets = new Float64Array(observations.length);
  const factor = 2 * Math.log(2 / alpha);
  let sum = PRIOR_MEAN;
  let squares = PRIOR_VARIANCE;
  for (let i = 0; i < bets.length; i++) {
    const x = observations[i] as number;
    requireUnit(`observations[${i}]`, x);
    const t = i + 1;
    bets[i] = Math.sqrt(factor / ((squares / t) * t * Math.log1p(t)));
    sum += x;
    squares += (x - sum / (t + 1)) ** 2;
  }
  return bets;
}

/**
 * Logarithm of the hedged betting martingale against the mean `mean`: the larger of half the wealth of betting on a larger mean
 * and half that of betting on a smaller one. At ln(1 / alpha) the mean is refuted, at every look (the last one is given).
 */
export function lnHedgedMartingale(observations: ArrayLike<number>, mean: number, alpha: number): number {
  requireOpenUnit("mean", mean);
  const bets = predictableBets(observations, alpha);
  return Math.max(lnWealth(observations, bets, mean, 1), lnWealth(observations, bets, mean, -1)) - Math.LN2;
}

function lnWealth(
  observations: ArrayLike<number>,
  bets: Float64Array,
  mean: number,
  direction: 1 | -1,
): number {
  const cap = CAP / (direction === 1 ? mean : 1 - mean);
  let sum = 0;
  for (let i = 0; i < bets.length; i++) {
    const bet = Math.min(bets[i] as number, cap);
    sum += Math.log1p(direction * bet * ((observations[i] as number) - mean));
  }
  return sum;
}

export interface BettingIntervalOptions {
  /** Default 0.05. */
  readonly alpha?: number;
  /** Candidate means are the multiples of 1 / grid; default 1000. */
  readonly grid?: number;
}

/**
 * Interval for the mean of observations in [0, 1] that holds at every look together with probability 1 - alpha and assumes nothing
 * of their distribution: the means that the hedged martingale has not refuted at the last look, rounded outwards by one step of
 * the grid. The wealths are monotone in the mean, so each end is found by bisection.
 */
export function bettingInterval(
  observations: ArrayLike<number>,
  options: BettingIntervalOptions = {},
): { lower: number; upper: number } {
  const { alpha = 0.05, grid = 1000 } = options;
  requireCount("grid", grid, 2);
  const bets = predictableBets(observations, alpha);
  const threshold = Math.log(2 / alpha);
  const isKept = (step: number, direction: 1 | -1): boolean =>
    lnWealth(observations, bets, step / grid, direction) <= threshold;
  const fromBelow = firstKept((step) => isKept(step, 1), grid);
  const fromAbove = firstKept((step) => isKept(grid - step, -1), grid);
  return { lower: Math.max(0, fromBelow - 1) / grid, upper: Math.min(grid, grid - fromAbove + 1) / grid };
}

/** Smallest step in [0, grid] that is kept. The mean of 0 (or 1) itself, where the cap is infinite, is never refuted here. */
function firstKept(isKept: (step: number) => boolean, grid: number): number {
  let [low, high] = [0, grid];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isKept(middle)) high = middle;
    else low = middle;
  }
  return high;
}
