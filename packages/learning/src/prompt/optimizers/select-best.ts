import { type ShrunkScore, shrinkScores } from "./shrink-scores.ts";
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
/** Scores that round to the same multiple of this are equal. */
const GRAIN = 1e-9;

/**
 * Ranks trials by shrunk score; at equal scores fewer prompt tokens, then fewer demonstrations, then the smaller hash.
 * The search may be greedy, so this says who is expected to be best, not that it is better than the seed: the gate does.
 */
export function selectBest(trials: readonly Trial[]): Selection {
  const seed = trials.find((trial) => trial.origin === "seed");
  if (!seed) throw new Error("The seed must be among the trials");
  const ranking = shrinkScores(trials).sort(compare);
  const own = ranking.find((entry) => entry.trial === seed);
  const finalists = own
    ? ranking
        .filter((entry) => entry.trial !== seed && rounded(entry) > rounded(own))
        .slice(0, FINALISTS)
        .map((entry) => entry.trial)
    : [];
  return { best: finalists[0] ?? seed, finalists, ranking };
}

function compare(one: ShrunkScore, other: ShrunkScore): number {
  const difference = rounded(other) - rounded(one);
  if (difference !== 0) return difference;
  if (one.trial.promptTokens !== other.trial.promptTokens) {
    return one.trial.promptTokens - other.trial.promptTokens;
  }
  const demonstrations =
    one.trial.candidate.demonstrations.length - other.trial.candidate.demonstrations.length;
  return demonstrations || (one.trial.hash < other.trial.hash ? -1 : 1);
}

function rounded(entry: ShrunkScore): number {
  return Math.round(entry.shrunk / GRAIN);
}
