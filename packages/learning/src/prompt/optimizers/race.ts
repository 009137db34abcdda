import type { Row } from "../rows.ts";
import type { OptimizerProgress, OptimizerTools, StopReason } from "./optimizer.ts";
import { shrinkScores } from "./shrink-scores.ts";
import { signTest } from "./sign-test.ts";
import type { Trial } from "./trial-book.ts";

export interface RaceOptions {
  optimizer: string;
  trials: readonly Trial[];
  /** Rows in the order in which they are used. */
  rows: readonly Row[];
  blockSize: number;
  /** Share of the trials that goes on after each block, whatever the test says; 1 = the test alone decides. */
  keepShare: number;
}

/** Level of the paired test that drops a trial: generous, for the seed and the gate make errors harmless. */
const LEVEL = 0.2;
/** Rows after which one and the same score for everything means that nothing can be learned. */
const ROWS_FOR_CONSTANT = 20;

/**
 * Scores trials block by block on the same rows and drops those that lose to the leader in a paired sign test. The seed runs along to the
 * end. When the budget no longer carries everyone through a block, the lowest go first. Ends with the reason.
 */
export async function* race(
  { optimizer, trials, rows, blockSize, keepShare }: RaceOptions,
  tools: OptimizerTools,
): AsyncGenerator<OptimizerProgress, StopReason> {
  const seed = tools.book.seed();
  let running = trials.filter((trial) => trial !== seed);
  const blocks = Math.ceil(rows.length / blockSize);
  for (let block = 0; block < blocks && running.length > 0; block += 1) {
    const part = rows.slice(block * blockSize, (block + 1) * blockSize);
    running = affordable(running, part.length, tools.ledger.remainingCalls(), seed);
    if (running.length === 0) return "budget";
    for (const [index, trial] of [seed, ...running].entries()) {
      await tools.evaluate(trial, part);
      yield {
        optimizer,
        message: `Scored ${part.length} rows with candidate ${trial.hash.slice(0, 8)}`,
        share: (block + (index + 1) / (running.length + 1)) / blocks,
      };
    }
    const constant = constantScore([seed, ...running]);
    if (constant !== undefined) return constant >= 1 ? "ceiling" : "metric_constant";
    running = survivors(running, seed, keepShare);
  }
  return "finished";
}

function affordable(running: readonly Trial[], rows: number, calls: number, seed: Trial): Trial[] {
  if (seed.candidate.runtime !== "model") return [...running];
  return running.slice(0, Math.max(0, Math.floor(calls / rows) - 1));
}

/** Best first. */
function survivors(running: readonly Trial[], seed: Trial, keepShare: number): Trial[] {
  const ranked = shrinkScores([seed, ...running])
    .filter((entry) => entry.trial !== seed)
    .sort((one, other) => other.shrunk - one.shrunk || one.trial.promptTokens - other.trial.promptTokens)
    .map((entry) => entry.trial);
  const leader = ranked[0];
  if (!leader) return [];
  const kept = ranked.slice(0, Math.max(2, Math.ceil(ranked.length * keepShare)));
  return kept.filter((trial) => trial === leader || signTest(leader, trial) > LEVEL);
}

/** The score that every trial has on every row; undefined when they differ or the rows are few. */
function constantScore(trials: readonly Trial[]): number | undefined {
  let common: number | undefined;
  for (const trial of trials) {
    if (trial.scores.size < ROWS_FOR_CONSTANT) return undefined;
    for (const score of trial.scores.values()) {
      common ??= score;
      if (score !== common) return undefined;
    }
  }
  return common;
}
