import type { Random } from "../../ports.ts";
import { BudgetExhausted } from "../ledger.ts";
import { nextDuel, winnerProbabilities } from "./double-thompson.ts";

/** Which of two candidates is preferred on one more input: 1 the first, 0 the second, ½ neither. */
export type CompareCandidates = (first: number, second: number, duel: number) => Promise<number>;

export interface DuelSelectionOptions {
  candidates: number;
  compare: CompareCandidates;
  random: Random;
  /** Comparisons at most; fewer where one of them throws `BudgetExhausted`. */
  duels: number;
  /** Ends as soon as one is the winner with this probability; default 0.95. */
  certainty?: number;
}

export interface DuelSelection {
  /** Index of the candidate that most probably beats most others. */
  best: number;
  /** Of each candidate. */
  probabilities: number[];
  wins: number[][];
  duels: number;
}

const LOOK_EVERY = 5;

/**
 * Chooses among candidates when there are preferences and no gold: comparisons go where they tell most. A choice, not a proof: what is
 * chosen still has to win its experiment.
 */
export async function selectByDuels(options: DuelSelectionOptions): Promise<DuelSelection> {
  const { candidates, compare, random, certainty = 0.95 } = options;
  if (candidates < 1) throw new RangeError("there must be a candidate to choose");
  const wins = Array.from({ length: candidates }, () => Array.from({ length: candidates }, () => 0));
  let duels = 0;
  while (duels < options.duels) {
    const pair = nextDuel({ wins, random });
    if (!pair) break;
    const [first, second] = pair;
    let preferred: number;
    try {
      preferred = await compare(first, second, duels);
    } catch (error) {
      // What was compared up to here still tells something.
      if (BudgetExhausted.isInstance(error)) break;
      throw error;
    }
    if (!(preferred >= 0 && preferred <= 1)) throw new RangeError("a comparison gives a number from 0 to 1");
    add(wins, first, second, preferred);
    add(wins, second, first, 1 - preferred);
    duels += 1;
    if (duels % LOOK_EVERY !== 0) continue;
    const looks = winnerProbabilities({ wins, random: random.fork(`look:${duels}`) }, 400);
    if (Math.max(...looks) >= certainty) break;
  }
  const probabilities = winnerProbabilities({ wins, random: random.fork("end") });
  return { best: probabilities.indexOf(Math.max(...probabilities)), probabilities, wins, duels };
}

function add(wins: number[][], winner: number, loser: number, amount: number): void {
  const row = wins[winner];
  if (row) row[loser] = (row[loser] ?? 0) + amount;
}
