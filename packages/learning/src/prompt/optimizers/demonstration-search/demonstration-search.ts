import type {
  OptimizationTask,
  Optimizer,
  OptimizerProgress,
  OptimizerResult,
  OptimizerTools,
} from "../optimizer.ts";
import { promptCost } from "../prompt-cost.ts";
import { race } from "../race.ts";
import { selectBest } from "../select-best.ts";
import type { Trial } from "../trial-book.ts";
import { demonstrationPool, largestSet } from "./demonstration-pool.ts";
import { ladder } from "./ladder.ts";
import { type Entrant, modelEntrants, routerEntrants, sharedEntrants, voterEntrants } from "./entrants.ts";

const NAME = "demonstration_search";
/** Rows a block has with a model, where each costs a call, and with the built-in agent, where it costs nothing. */
const MODEL_BLOCK = 20;
const ROUTER_BLOCK = 100;
/** Rows that the built-in agent is scored on at most. */
const ROUTER_ROWS = 1000;
/** A mean over this many inputs says what a prompt costs. */
const COST_SAMPLE = 8;

/**
 * How many demonstrations, and which: sets along a ladder of sizes up to the token budget, chosen at random, balanced over the
 * outputs, representative of the inputs, or per request the nearest. Scored by leave-one-out on the training rows, so
 * that no row is lost to a validation split, in a race that spends few calls on poor families.
 */
export const demonstrationSearch: Optimizer = {
  name: NAME,
  applies: ({ training }) => training.length > 0,
  run,
};

async function* run(
  task: OptimizationTask,
  tools: OptimizerTools,
): AsyncGenerator<OptimizerProgress, OptimizerResult> {
  const pool = demonstrationPool(task);
  const withModel = task.seed.runtime === "model";
  const inputs = tools.rows.slice(0, COST_SAMPLE).map((row) => row.input);
  const enter = (entrants: readonly Entrant[]): Trial[] =>
    entrants.map(({ candidate, family }) =>
      tools.book.add({ candidate, family, origin: NAME, promptTokens: promptCost(candidate, inputs) }),
    );
  if (!withModel) {
    const rows = tools.rows.slice(0, ROUTER_ROWS);
    const trials = enter(routerEntrants(task.seed, pool, ladder(pool.length), tools.random));
    const first = yield* race(
      { optimizer: NAME, trials, rows, blockSize: ROUTER_BLOCK, keepShare: 1 },
      tools,
    );
    if (first !== "finished") return { stoppedBecause: first, notes: [] };
    const { best } = selectBest(tools.book.trials());
    const voters = enter(voterEntrants(best));
    const stoppedBecause = yield* race(
      { optimizer: NAME, trials: [best, ...voters], rows, blockSize: ROUTER_BLOCK, keepShare: 1 },
      tools,
    );
    return { stoppedBecause, notes: [] };
  }
  const largest = largestSet(task, pool, inputs);
  if (largest === 0) {
    const notes = ["No demonstration fits the token budget of a prompt."];
    return { stoppedBecause: "not_applicable", notes };
  }
  const blockSize = Math.min(MODEL_BLOCK, tools.rows.length);
  const affordable = Math.floor(tools.ledger.remainingCalls() / 2 / blockSize) - 1;
  if (affordable < 1) {
    const notes = ["The budget is too small to tell candidates apart."];
    return { stoppedBecause: "budget", notes };
  }
  const entrants = task.dearPrompts
    ? sharedEntrants(task.seed, pool, { sizes: ladder(largest), rows: tools.rows, random: tools.random })
    : modelEntrants(task.seed, pool, ladder(largest), tools.random);
  const stoppedBecause = yield* race(
    {
      optimizer: NAME,
      trials: enter(entrants.slice(0, affordable)),
      rows: tools.rows,
      blockSize,
      keepShare: 0.6,
    },
    tools,
  );
  return { stoppedBecause, notes: [] };
}
