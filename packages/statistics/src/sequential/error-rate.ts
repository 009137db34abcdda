import { InvalidArgument, requireCount, requireOpenUnit, requirePositive } from "../invalid-argument.ts";
import { lnBetaTails } from "../special-functions/incomplete-beta.ts";
import { lnBeta } from "../special-functions/ln-gamma.ts";

export interface ErrorRateOptions {
  /** The error rate that may not be exceeded, in (0, 1). */
  readonly limit: number;
  readonly alpha: number;
  /** Units at which the test is most powerful; default 1000. */
  readonly optimalUnits?: number;
  /** The level at which it is, default 0.05; below 0.5. */
  readonly optimalAlpha?: number;
}

/** Plain data: keep it as JSON between observations. */
export interface ErrorRateState {
  units: number;
  errors: number;
  /** The number of units at which the limit was found to be exceeded; that verdict stays. */
  breachedAt: number | null;
}

/** Made once per limit and level; shared by any number of states. */
export interface ErrorRateTest {
  start(): ErrorRateState;
  /** Changes `state`; returns whether the rate was found to exceed the limit, now or before. */
  observe(state: ErrorRateState, isError: boolean): boolean;
  /** ln E of these counts: evidence for a rate above the limit. -Infinity is no evidence at all. */
  lnEvidence(counts: { readonly units: number; readonly errors: number }): number;
}

/**
 * One-sided Beta-Bernoulli e-process for "error rate over the limit p0": the likelihood ratio of the observations against p0,
 * mixed over a Beta(r / (1 - p0), r / p0) that is truncated to (p0, 1]. Rolls back at E >= 1 / alpha, looked at after every unit;
 * a rate at or below the limit gets there with probability at most alpha, exactly and at every n (Ville; the tuning is that of
 * Howard et al. 2021). Untruncated, the mixture also collects evidence for rates *below* the limit and rolls back the healthiest.
 *
 * One observation per unit: requests of one user are not independent.
 */
export function errorRateTest(options: ErrorRateOptions): ErrorRateTest {
  const { limit } = options;
  requireOpenUnit("limit", limit);
  requireOpenUnit("alpha", options.alpha);
  const [a, b] = mixtureParameters(options);
  const lnLimit = Math.log(limit);
  const lnComplement = Math.log1p(-limit);
  const lnPrior = lnUpperBeta(limit, a, b);
  const threshold = -Math.log(options.alpha);

  const evidence = (units: number, errors: number): number =>
    lnUpperBeta(limit, a + errors, b + units - errors) -
    lnPrior -
    errors * lnLimit -
    (units - errors) * lnComplement;

  // E falls with every success, so for each number of errors there is a last number of units at which it suffices, the
  // verdict is a comparison, and only errors can change it. The table grows by one entry at a time; a state that comes back
  // from storage with more errors than the table has is looked at directly.
  const lastUnits: number[] = [0];
  const isBreached = (units: number, errors: number): boolean => {
    if (errors > lastUnits.length) return evidence(units, errors) >= threshold;
    if (errors === lastUnits.length) {
      const start = Math.max(errors, lastUnits[errors - 1] ?? 0);
      lastUnits.push(lastUnit((n) => evidence(n, errors) >= threshold, start));
    }
    return units <= (lastUnits[errors] as number);
  };

  return {
    start: () => ({ units: 0, errors: 0, breachedAt: null }),
    observe(state, isError) {
      state.units++;
      if (isError) {
        state.errors++;
        if (state.breachedAt === null && isBreached(state.units, state.errors))
          state.breachedAt = state.units;
      }
      return state.breachedAt !== null;
    },
    lnEvidence({ units, errors }) {
      requireCount("units", units);
      requireCount("errors", errors);
      if (errors > units) throw new InvalidArgument("errors", `at most the ${units} units`, errors);
      return evidence(units, errors);
    },
  };
}

/** r = v / (L + ln(1 + L)) - p0 (1 - p0), L = -2 ln(2 alpha_opt), v = t_opt p0 (1 - p0). */
function mixtureParameters(options: ErrorRateOptions): [number, number] {
  const { limit, optimalUnits = 1000, optimalAlpha = 0.05 } = options;
  requirePositive("optimalUnits", optimalUnits);
  if (!(optimalAlpha > 0 && optimalAlpha < 0.5)) {
    throw new InvalidArgument("optimalAlpha", "between 0 and 0.5, both excluded", optimalAlpha);
  }
  const logarithm = -2 * Math.log(2 * optimalAlpha);
  const factor = optimalUnits / (logarithm + Math.log1p(logarithm)) - 1;
  if (factor <= 0) throw new InvalidArgument("optimalUnits", "large enough for optimalAlpha", optimalUnits);
  return [factor * limit, factor * (1 - limit)];
}

/** ln of the integral of x^(a-1) (1-x)^(b-1) from `from` to 1. */
function lnUpperBeta(from: number, a: number, b: number): number {
  return lnBeta(a, b) + lnBetaTails(from, a, b).upper;
}

/** The last whole number from `start` on at which `holds`, which once false stays false; 0 where it does not at `start`. */
function lastUnit(holds: (units: number) => boolean, start: number): number {
  if (!holds(start)) return 0;
  let step = 1;
  while (holds(start + step)) step *= 2;
  let [low, high] = [start + Math.floor(step / 2), start + step];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
