import { type ShrunkScore, shrinkScores } from "./shrink-scores.ts";
import { signTest } from "./sign-test.ts";
import type { Trial } from "./trial-book.ts";

export interface Selection {
  /** The seed, unless another trial is expected to be better. */
  best: Trial;
  /** Up to three trials that are expected to beat the seed, best first: what a gate may look at. */
  finalists: Trial[];
  /** All measured trials, best first. */
  ranking: ShrunkScore[];
}

const FINALISTS = 3;
/** Level at which a smaller set of the built-in agent must beat the largest. */
const PROOF = 0.01;
/** Scores that round to the same multiple of this are equal. */
const GRAIN = 1e-9;

/**
 * Ranks trials by shrunk score; at equal scores fewer prompt tokens, then fewer demonstrations, then the higher mean, then
 * what was tried first. Never by hash: it holds the examples' ids, which are others in each run of the same data.
 * The search may be greedy, so this says who is expected to be best, not that it is better than the seed: the gate does.
 */
export function selectBest(trials: readonly Trial[]): Selection {
  const seed = trials.find((trial) => trial.origin === "seed");
  if (!seed) throw new Error("The seed must be among the trials");
  const ranked = shrinkScores(trials).sort(compare);
  const ranking = seed.candidate.runtime === "demonstrations" ? preferWholePool(ranked) : ranked;
  const own = ranking.find((entry) => entry.trial === seed);
  const finalists = own
    ? ranking
        .filter((entry) => entry.trial !== seed && rounded(entry.shrunk) > rounded(own.shrunk))
        .slice(0, FINALISTS)
        .map((entry) => entry.trial)
    : [];
  return { best: finalists[0] ?? seed, finalists, ranking };
}

/**
 * For nearest neighbours more demonstrations are better, which a few hundred rows are too noisy to show: a smaller set
 * goes before the largest one only when it proves to be better.
 */
function preferWholePool(ranked: readonly ShrunkScore[]): ShrunkScore[] {
  const learned = ranked.filter((entry) => entry.trial.origin !== "seed");
  const largest = Math.max(...learned.map((entry) => entry.trial.family.size));
  const whole = learned.find((entry) => entry.trial.family.size === largest);
  if (!whole) return [...ranked];
  const isUnproven = (entry: ShrunkScore, index: number): boolean =>
    index < ranked.indexOf(whole) &&
    entry.trial.origin !== "seed" &&
    signTest(entry.trial, whole.trial) > PROOF;
  const unproven = ranked.filter(isUnproven);
  const others = ranked.filter((entry) => !unproven.includes(entry));
  const place = others.indexOf(whole) + 1;
  return [...others.slice(0, place), ...unproven, ...others.slice(place)];
}

function compare(one: ShrunkScore, other: ShrunkScore): number {
  const difference = rounded(other.shrunk) - rounded(one.shrunk);
  if (difference !== 0) return difference;
  if (one.trial.promptTokens !== other.trial.promptTokens) {
    return one.trial.promptTokens - other.trial.promptTokens;
  }
  const demonstrations =
    one.trial.candidate.demonstrations.length - other.trial.candidate.demonstrations.length;
  return demonstrations || rounded(other.mean) - rounded(one.mean);
}

function rounded(score: number): number {
  return Math.round(score / GRAIN);
}
