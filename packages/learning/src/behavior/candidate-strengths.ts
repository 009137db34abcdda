import { bradleyTerry } from "@agent-learning/statistics";
import type { Random } from "../ports.ts";
import { randomInteger } from "../random.ts";

/** One person's word on two candidates. */
export interface CandidateComparison {
  winner: string;
  loser: string;
  contributor: string;
}

export interface CandidateStrength {
  candidate: string;
  /** In logits above the mean of all candidates. */
  strength: number;
  /** Percentile bootstrap over contributors, 95 %. */
  lower: number;
  upper: number;
  wins: number;
  losses: number;
}

/**
 * Strengths of candidates from preferences (Bradley and Terry 1952), strongest first. A ridge of `prior` comparisons won and `prior`
 * lost against an average candidate (default 1) keeps them finite. Intervals draw contributors with replacement, all their words at
 * once: what one person says is not independent.
 */
export function candidateStrengths(
  comparisons: readonly CandidateComparison[],
  options: { random: Random; prior?: number; resamples?: number },
): CandidateStrength[] {
  const { random, prior = 1, resamples = 500 } = options;
  const names = [...new Set(comparisons.flatMap(({ winner, loser }) => [winner, loser]))].sort();
  if (names.length === 0) return [];
  const place = new Map(names.map((name, i) => [name, i]));
  const byContributor = new Map<string, [number, number][]>();
  for (const { winner, loser, contributor } of comparisons) {
    if (winner === loser) continue;
    const pair: [number, number] = [place.get(winner) as number, place.get(loser) as number];
    const list = byContributor.get(contributor);
    if (list === undefined) byContributor.set(contributor, [pair]);
    else list.push(pair);
  }
  const people = [...byContributor.keys()].sort().map((name) => byContributor.get(name) ?? []);
  const pairs = people.flat();
  const strengths = bradleyTerry(names.length, pairs, { prior });
  const drawn = Array.from({ length: people.length === 0 ? 0 : resamples }, () => {
    const sample = people.flatMap(() => people[randomInteger(random, people.length)] ?? []);
    return bradleyTerry(names.length, sample, { prior });
  });
  return names
    .map((candidate, i) => {
      const strength = strengths[i] as number;
      const sorted = drawn.map((one) => one[i] as number).sort((one, other) => one - other);
      const quantile = (share: number): number =>
        sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? strength;
      return {
        candidate,
        strength,
        lower: quantile(0.025),
        upper: quantile(0.975),
        wins: pairs.filter(([winner]) => winner === i).length,
        losses: pairs.filter(([, loser]) => loser === i).length,
      };
    })
    .sort((one, other) => other.strength - one.strength || (one.candidate < other.candidate ? -1 : 1));
}
