import { bradleyTerry } from "@agent-learning/statistics";
import type { Random } from "../ports.ts";
import { randomInteger } from "../random.ts";

/** One person's word on two candidates. */
export interface CandidateComparison {
  winner: string;
  loser: string;
  /** Neither is better: half a win of each over the other. */
  tie?: boolean;
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
  ties: number;
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
  // Everything twice, so that a tie can be one win of each; the prior too.
  const byContributor = new Map<string, [number, number][]>();
  const counts = names.map(() => ({ wins: 0, losses: 0, ties: 0 }));
  for (const { winner, loser, tie = false, contributor } of comparisons) {
    if (winner === loser) continue;
    const [first, second] = [place.get(winner) as number, place.get(loser) as number];
    const [one, other] = [counts[first], counts[second]];
    if (one === undefined || other === undefined) continue;
    one[tie ? "ties" : "wins"] += 1;
    other[tie ? "ties" : "losses"] += 1;
    const twice: [number, number][] = [[first, second], tie ? [second, first] : [first, second]];
    const list = byContributor.get(contributor);
    if (list === undefined) byContributor.set(contributor, twice);
    else list.push(...twice);
  }
  const people = [...byContributor.keys()].sort().map((name) => byContributor.get(name) ?? []);
  const pairs = people.flat();
  const strengths = bradleyTerry(names.length, pairs, { prior: 2 * prior });
  const drawn = Array.from({ length: people.length === 0 ? 0 : resamples }, () => {
    const sample = people.flatMap(() => people[randomInteger(random, people.length)] ?? []);
    return bradleyTerry(names.length, sample, { prior: 2 * prior });
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
        ...(counts[i] as { wins: number; losses: number; ties: number }),
      };
    })
    .sort((one, other) => other.strength - one.strength || (one.candidate < other.candidate ? -1 : 1));
}
