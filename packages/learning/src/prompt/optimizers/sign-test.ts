import { mcNemarTest } from "@agent-learning/statistics";
import type { Trial } from "./trial-book.ts";

/** One-sided p value of "the trial is not better than the other", by the signs of the differences on shared rows. */
export function signTest(trial: Trial, other: Trial): number {
  let wins = 0;
  let losses = 0;
  for (const [row, score] of trial.scores) {
    const opposite = other.scores.get(row);
    if (opposite === undefined || opposite === score) continue;
    if (score > opposite) wins += 1;
    else losses += 1;
  }
  return mcNemarTest({ onlyBaseline: losses, onlyCandidate: wins, alternative: "greater" });
}
