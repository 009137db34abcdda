import { randomBeta } from "@agent-learning/statistics";
import type { Random } from "../../ports.ts";
import { randomInteger } from "../../random.ts";

/** `wins[i][j]`: duels that i won against j. A tie is half a win for each. */
export type DuelWins = readonly (readonly number[])[];

export interface DuelOptions {
  wins: DuelWins;
  random: Random;
  /** Width of the confidence bounds; default 0.6. */
  exploration?: number;
}

/**
 * The next pair to compare: double Thompson sampling for dueling bandits (Wu and Liu 2016, algorithm 1). The first is drawn among those that
 * may still be the Copeland winner, the second among those that are not surely worse than the first. Undefined with fewer than two.
 */
export function nextDuel({ wins, random, exploration = 0.6 }: DuelOptions): [number, number] | undefined {
  const arms = wins.length;
  if (arms < 2) return undefined;
  const total = wins.flat().reduce((sum, count) => sum + count, 0);
  const bound = (i: number, j: number): { lower: number; upper: number } => {
    const played = winsOf(wins, i, j) + winsOf(wins, j, i);
    if (played === 0) return { lower: 0, upper: 1 };
    const mean = winsOf(wins, i, j) / played;
    const width = Math.sqrt((exploration * Math.log(Math.max(2, total))) / played);
    return { lower: mean - width, upper: mean + width };
  };
  const indexes = Array.from({ length: arms }, (_, index) => index);
  const possible = indexes.map((i) => indexes.filter((j) => j !== i && bound(i, j).upper > 0.5).length);
  const most = Math.max(...possible);
  const beaten = samplePreferences(wins, random).map((row) => row.filter((share) => share > 0.5).length);
  const first = argmax(
    indexes.filter((i) => possible[i] === most),
    (i) => beaten[i] ?? 0,
    random,
  );
  const rivals = indexes.filter((i) => i !== first && bound(i, first).lower <= 0.5);
  if (rivals.length === 0) return undefined;
  const second = argmax(
    rivals,
    (i) => randomBeta(asSource(random), 1 + winsOf(wins, i, first), 1 + winsOf(wins, first, i)),
    random,
  );
  return [first, second];
}

/** For each candidate the probability that it beats most others more than half the time, by draws from the posterior. */
export function winnerProbabilities({ wins, random }: DuelOptions, draws = 1_000): number[] {
  const counts = wins.map(() => 0);
  for (let draw = 0; draw < draws; draw += 1) {
    const beaten = samplePreferences(wins, random).map((row) => row.filter((share) => share > 0.5).length);
    const most = Math.max(...beaten);
    const winners = beaten.flatMap((count, index) => (count === most ? [index] : []));
    for (const winner of winners) counts[winner] = (counts[winner] ?? 0) + 1 / winners.length;
  }
  return counts.map((count) => count / draws);
}

/** One draw of P(i beats j) for each pair from Beta(1 + wins, 1 + losses). */
function samplePreferences(wins: DuelWins, random: Random): number[][] {
  const sampled = wins.map(() => wins.map(() => 0.5));
  for (let i = 0; i < wins.length; i += 1) {
    for (let j = i + 1; j < wins.length; j += 1) {
      const share = randomBeta(asSource(random), 1 + winsOf(wins, i, j), 1 + winsOf(wins, j, i));
      (sampled[i] as number[])[j] = share;
      (sampled[j] as number[])[i] = 1 - share;
    }
  }
  return sampled;
}

function winsOf(wins: DuelWins, i: number, j: number): number {
  return wins[i]?.[j] ?? 0;
}

function argmax(items: readonly number[], value: (item: number) => number, random: Random): number {
  let best: number[] = [];
  let highest = -Infinity;
  for (const item of items) {
    const score = value(item);
    if (score > highest) [best, highest] = [[item], score];
    else if (score === highest) best.push(item);
  }
  return best[randomInteger(random, best.length)] as number;
}

function asSource(random: Random): { uniform(): number } {
  return { uniform: () => random.next() };
}
