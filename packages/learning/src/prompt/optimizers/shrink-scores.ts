import type { Trial } from "./trial-book.ts";

export interface ShrunkScore {
  trial: Trial;
  rows: number;
  /** Mean score, corrected for which rows it was measured on. */
  mean: number;
  /** Standard error of the mean. */
  standardError: number;
  /** The mean, drawn towards what trials of similar families reached. Compare trials by this one. */
  shrunk: number;
}

const SWEEPS = 25;
const CONVERGED = 1e-9;
/** Octaves of family size over which trials inform each other. */
const BANDWIDTH = 1;
/** How much a trial of another selection informs. */
const OTHER_SELECTION = 0.4;

/**
 * Scores of trials that were measured on different numbers of rows. Two steps: an additive fit score = trial + row, so
 * that easy rows favour nobody; then empirical-Bayes shrinkage (normal–normal, variance between trials by moments) towards the mean
 * of the family, smoothed over the logarithm of its size. Without it the best of many noisy trials is mostly luck.
 * The seed is its own family. Trials without a row are left out.
 */
export function shrinkScores(trials: readonly Trial[]): ShrunkScore[] {
  const measured = trials.filter((trial) => trial.scores.size > 0);
  const { means, standardErrors } = fitAdditive(measured);
  const priors = measured.map((trial, index) => familyPrior(measured, means, trial, index));
  const learned = measured.map((_, index) => index).filter((index) => measured[index]?.origin !== "seed");
  const excess = learned.map(
    (index) => (at(means, index) - at(priors, index)) ** 2 - at(standardErrors, index) ** 2,
  );
  const between = Math.max(0, excess.reduce((sum, value) => sum + value, 0) / Math.max(1, learned.length));
  return measured.map((trial, index) => {
    const mean = at(means, index);
    const prior = at(priors, index);
    const noise = at(standardErrors, index) ** 2;
    const trust = trial.origin === "seed" || noise === 0 ? 1 : between / (between + noise);
    return {
      trial,
      rows: trial.scores.size,
      mean,
      standardError: at(standardErrors, index),
      shrunk: prior + trust * (mean - prior),
    };
  });
}

function fitAdditive(trials: readonly Trial[]): { means: number[]; standardErrors: number[] } {
  const means = trials.map((trial) => average(trial.scores.values()));
  const difficulty = new Map<string, number>();
  for (let sweep = 0; sweep < SWEEPS && trials.length > 1; sweep += 1) {
    const sums = new Map<string, { sum: number; count: number }>();
    for (const [index, trial] of trials.entries()) {
      for (const [row, score] of trial.scores) {
        const entry = sums.get(row) ?? { sum: 0, count: 0 };
        entry.sum += score - at(means, index);
        entry.count += 1;
        sums.set(row, entry);
      }
    }
    const offset = average([...sums.values()].map(({ sum, count }) => sum / count));
    for (const [row, { sum, count }] of sums) difficulty.set(row, sum / count - offset);
    let change = 0;
    for (const [index, trial] of trials.entries()) {
      const mean = average([...trial.scores].map(([row, score]) => score - (difficulty.get(row) ?? 0)));
      change = Math.max(change, Math.abs(mean - at(means, index)));
      means[index] = mean;
    }
    if (change < CONVERGED) break;
  }
  const standardErrors = trials.map((trial, index) => {
    let squares = 0.25; // one imagined row that is off by a half: no trial is certain after one row
    for (const [row, score] of trial.scores) {
      squares += (score - (difficulty.get(row) ?? 0) - at(means, index)) ** 2;
    }
    return Math.sqrt(squares / (trial.scores.size + 1) / trial.scores.size);
  });
  return { means, standardErrors };
}

function familyPrior(trials: readonly Trial[], means: readonly number[], trial: Trial, own: number): number {
  if (trial.origin === "seed") return at(means, own);
  let sum = 0;
  let total = 0;
  for (const [index, other] of trials.entries()) {
    if (other.origin === "seed") continue;
    const octaves = Math.log2((1 + other.family.size) / (1 + trial.family.size)) / BANDWIDTH;
    const kinship = other.family.selection === trial.family.selection ? 1 : OTHER_SELECTION;
    const weight = other.scores.size * kinship * Math.exp(-(octaves ** 2) / 2);
    sum += weight * at(means, index);
    total += weight;
  }
  return sum / total;
}

function average(values: Iterable<number>): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    sum += value;
    count += 1;
  }
  return count > 0 ? sum / count : 0;
}

function at(values: readonly number[], index: number): number {
  return values[index] as number;
}
