import { requireOpenUnit, requireUnit } from "../invalid-argument.ts";

export interface BoundedMeanOptions {
  /** The mean that may not be passed, in (0, 1). */
  readonly limit: number;
  /** The side that is a breach: a mean above the limit (errors) or below it (satisfaction). */
  readonly breach: "above" | "below";
  readonly alpha: number;
}

/** Plain data: keep it as JSON between observations. */
export interface BoundedMeanState {
  units: number;
  sum: number;
  /** What each bet has made of the money put on it so far. */
  accounts: number[];
  /** The number of units at which the limit was found to be passed; that verdict stays and the accounts stop. */
  breachedAt: number | null;
}

/** Made once per limit and level; shared by any number of states. */
export interface BoundedMeanTest {
  start(): BoundedMeanState;
  /** Changes `state`; `value` in [0, 1]. Returns whether the mean was found to be past the limit, now or before. */
  observe(state: BoundedMeanState, value: number): boolean;
  /** ln E: evidence for a mean past the limit; a breach is ln E >= -ln alpha. */
  lnEvidence(state: BoundedMeanState): number;
}

/** Each bet is half of the one before; eight reach from the largest failures to a fifth of the limit's own noise. */
const BETS = 8;
/** The largest bet risks at most half of what is on it in one observation. */
const CAP = 0.5;

/**
 * Betting test of a bounded mean: one observation in [0, 1] per unit (its share of failed requests, its mean satisfaction). A false
 * breach has probability at most alpha whatever the distribution and however often it is looked at, as long as the mean given
 * the past is never past the limit.
 *
 * The wealth is a mixture, over bets and over the unit from which on each bet is made, of products of 1 + bet (x - limit)
 * (Waudby-Smith and Ramdas 2024, sections 4 and 5; a start at unit t has weight 1 / (t (t + 1)), the rest of the money waits). The
 * late starts keep a version that ran well for days from outweighing a failure that begins now.
 */
export function boundedMeanTest(options: BoundedMeanOptions): BoundedMeanTest {
  const { limit, alpha } = options;
  requireOpenUnit("limit", limit);
  requireOpenUnit("alpha", alpha);
  const isAbove = options.breach === "above";
  const largest = isAbove ? CAP / limit : -CAP / (1 - limit);
  const bets = Array.from({ length: BETS }, (_, i) => largest / 2 ** i);
  const threshold = 1 / alpha;

  return {
    start: () => ({ units: 0, sum: 0, accounts: bets.map(() => 0), breachedAt: null }),
    observe(state, value) {
      requireUnit("value", value);
      const units = ++state.units;
      state.sum += value;
      if (state.breachedAt !== null) return true;
      const accounts = state.accounts;
      const stake = 1 / (units * (units + 1) * BETS);
      const excess = value - limit;
      let wealth = 1 / (units + 1);
      for (let i = 0; i < BETS; i++) {
        const account = ((accounts[i] as number) + stake) * (1 + (bets[i] as number) * excess);
        accounts[i] = account;
        wealth += account;
      }
      if (wealth < threshold) return false;
      state.breachedAt = units;
      return true;
    },
    lnEvidence(state) {
      const start = state.breachedAt ?? state.units;
      return Math.log(state.accounts.reduce((sum, account) => sum + account, 1 / (start + 1)));
    },
  };
}
