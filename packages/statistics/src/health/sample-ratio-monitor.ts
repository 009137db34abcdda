import { InvalidArgument, requireCount } from "../invalid-argument.ts";
import { LN_SAMPLE_RATIO_ALARM, SAMPLE_RATIO_CONCENTRATION, requireShares } from "./sample-ratio.ts";

/** Plain data: keep it as JSON between exposures. */
export interface SampleRatioState {
  /** Units per arm. */
  counts: number[];
  /** The sums of the shares that each arm had at the exposures. */
  expected: number[];
  lnBayesFactor: number;
  /** The number of units at which the alarm was raised; it stays. */
  alarmedAt: number | null;
}

export function startSampleRatio(arms: number): SampleRatioState {
  requireCount("arms", arms, 1);
  const zeros = Array.from({ length: arms }, () => 0);
  return { counts: zeros, expected: zeros.slice(), lnBayesFactor: 0, alarmedAt: null };
}

/**
 * Sequential sample-ratio test whose intended shares may change from unit to unit, as under a bandit or a ramp. Changes `state`;
 * returns whether there is an alarm, now or before. With constant weights the Bayes factor is that of
 * `lnSampleRatioBayesFactor`, whose predictive probability (c w + n) / (c + N) is here w (c w + n) / (c w + e), normalised, with e
 * the units that were to be expected in the arm.
 *
 * @param weights the shares at this exposure, in any unit
 */
export function observeExposure(state: SampleRatioState, arm: number, weights: readonly number[]): boolean {
  const { counts, expected } = state;
  if (weights.length !== counts.length) {
    throw new InvalidArgument("weights", `a list of ${counts.length} weights`, weights.length);
  }
  requireCount("arm", arm);
  if (arm >= counts.length) throw new InvalidArgument("arm", `below ${counts.length}`, arm);
  const shares = requireShares({ counts, weights });
  let [normaliser, predicted] = [0, 0];
  shares.forEach((share, i) => {
    if (share === 0) return;
    const prior = SAMPLE_RATIO_CONCENTRATION * share;
    const probability = (share * (prior + (counts[i] as number))) / (prior + (expected[i] as number));
    normaliser += probability;
    if (i === arm) predicted = probability;
    expected[i] = (expected[i] as number) + share;
  });
  counts[arm] = (counts[arm] as number) + 1;
  const share = shares[arm] as number;
  if (share > 0) state.lnBayesFactor += Math.log(predicted / normaliser / share);
  // A unit in an arm that nobody was to enter is proof, and JSON has no Infinity.
  if (state.alarmedAt === null && (share === 0 || state.lnBayesFactor > LN_SAMPLE_RATIO_ALARM)) {
    state.alarmedAt = counts.reduce((sum, count) => sum + count, 0);
  }
  return state.alarmedAt !== null;
}
