import { InvalidArgument } from "../invalid-argument.ts";
import { lnChiSquareTails } from "../special-functions/incomplete-gamma.ts";
import { lnGamma } from "../special-functions/ln-gamma.ts";
import {
  requireShares,
  SAMPLE_RATIO_CONCENTRATION,
  type SampleRatioInput,
  type SampleRatioResult,
} from "./sample-ratio.ts";

/**
 * `lnSampleRatioBayesFactor` where the intended shares change from period to period, as under a bandit: what `observeExposure` says
 * after each unit, from the counts of each period alone. A period's counts are Dirichlet-multinomial around the predictive
 * probabilities p that the periods before it leave, p_i ∝ w_i (c w̄_i + n_i) / (c w̄_i + e_i) with n the units and e the expected
 * ones so far, with concentration c + N; divided by their probability under the period's shares w. The periods before the last
 * are over, so the last one's factor goes on being a martingale at every look.
 *
 * @param periods in order of time, the arms in the same order in each
 */
export function lnSampleRatioOverPeriods(periods: readonly SampleRatioInput[]): number {
  const arms = requireSameArms(periods);
  const seen = Array.from({ length: arms }, () => 0);
  const expected = Array.from({ length: arms }, () => 0);
  let result = 0;
  let before = 0;
  for (const period of periods) {
    const shares = requireShares(period);
    const size = period.counts.reduce((sum, count) => sum + count, 0);
    if (shares.some((share, i) => share === 0 && (period.counts[i] as number) > 0)) return Infinity;
    const c = SAMPLE_RATIO_CONCENTRATION;
    const tilted = shares.map((share, i) => {
      const prior = c * share;
      return share === 0 ? 0 : (share * (prior + (seen[i] as number))) / (prior + (expected[i] as number));
    });
    const normaliser = tilted.reduce((sum, value) => sum + value, 0);
    const concentration = c + before;
    result += lnGamma(concentration) - lnGamma(concentration + size);
    shares.forEach((share, i) => {
      const count = period.counts[i] as number;
      if (share > 0) {
        const alpha = (concentration * (tilted[i] as number)) / normaliser;
        result += lnGamma(alpha + count) - lnGamma(alpha) - count * Math.log(share);
      }
      seen[i] = (seen[i] as number) + count;
      expected[i] = (expected[i] as number) + share * size;
    });
    before += size;
  }
  return result;
}

/**
 * Chi-square test of the sample ratio where the intended shares change from period to period, for one look: dᵀ V⁻¹ d with d the
 * units less the expected ones and V = Σ N_s (diag(w_s) − w_s w_sᵀ), an arm left out. With one period it is Pearson's.
 */
export function sampleRatioTestOverPeriods(periods: readonly SampleRatioInput[]): SampleRatioResult {
  const arms = requireSameArms(periods);
  const difference = Array.from({ length: arms }, () => 0);
  const covariance = Array.from({ length: arms }, () => Array.from({ length: arms }, () => 0));
  const isOpen = Array.from({ length: arms }, () => false);
  let impossible = false;
  for (const period of periods) {
    const shares = requireShares(period);
    const size = period.counts.reduce((sum, count) => sum + count, 0);
    shares.forEach((share, i) => {
      const count = period.counts[i] as number;
      if (share === 0 && count > 0) impossible = true;
      isOpen[i] ||= share > 0;
      difference[i] = (difference[i] as number) + count - size * share;
      const row = covariance[i] as number[];
      shares.forEach((other, j) => {
        row[j] = (row[j] as number) + size * ((i === j ? share : 0) - share * other);
      });
    });
  }
  const open = difference.map((_, i) => i).filter((i) => isOpen[i] === true);
  const degreesOfFreedom = Math.max(0, open.length - 1);
  if (impossible) return { chiSquare: Infinity, degreesOfFreedom, pValue: 0 };
  const kept = open.slice(0, -1);
  const d = kept.map((i) => difference[i] as number);
  const solved = solve(
    kept.map((i) => kept.map((j) => (covariance[i] as number[])[j] as number)),
    d,
  );
  const chiSquare = Math.max(
    0,
    d.reduce((sum, value, i) => sum + value * (solved[i] as number), 0),
  );
  if (degreesOfFreedom === 0 || chiSquare === 0) return { chiSquare, degreesOfFreedom, pValue: 1 };
  return {
    chiSquare,
    degreesOfFreedom,
    pValue: Math.exp(lnChiSquareTails(chiSquare, degreesOfFreedom).upper),
  };
}

function requireSameArms(periods: readonly SampleRatioInput[]): number {
  const [first] = periods;
  if (first === undefined) throw new InvalidArgument("periods", "a list of at least one period", periods);
  const odd = periods.findIndex((period) => period.counts.length !== first.counts.length);
  if (odd >= 0) throw new InvalidArgument(`periods[${odd}]`, "of the same arms as the first", periods[odd]);
  return first.counts.length;
}

/** Gauss-Jordan for the few arms of an experiment; a direction without variance contributes nothing. */
function solve(matrix: number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] as number]);
  rows.forEach((pivotRow, i) => {
    const pivot = pivotRow[i] as number;
    if (!(pivot > 0)) {
      pivotRow.fill(0);
      return;
    }
    for (let k = 0; k < pivotRow.length; k++) pivotRow[k] = (pivotRow[k] as number) / pivot;
    rows.forEach((row, j) => {
      if (j === i) return;
      const factor = row[i] as number;
      for (let k = 0; k < row.length; k++) row[k] = (row[k] as number) - factor * (pivotRow[k] as number);
    });
  });
  return rows.map((row) => row.at(-1) as number);
}
