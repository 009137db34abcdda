import type { Random } from "../../ports.ts";
import type { Propose } from "../create-proposer.ts";
import type { RowEvaluator } from "../evaluate-rows.ts";
import { BudgetExhausted, type Ledger } from "../ledger.ts";
import { ModelUnavailable } from "../model-unavailable.ts";
import type { Row } from "../rows.ts";
import { demonstrationSearch } from "./demonstration-search/demonstration-search.ts";
import { jointSearch } from "./joint-search/joint-search.ts";
import type { OptimizationResult } from "./optimization-result.ts";
import type {
  OptimizationTask,
  Optimizer,
  OptimizerProgress,
  OptimizerResult,
  OptimizerTools,
} from "./optimizer.ts";
import { playbookRules } from "./playbook-rules/playbook-rules.ts";
import { promptCost } from "./prompt-cost.ts";
import { race } from "./race.ts";
import { reflectiveEvolution } from "./reflective-evolution/reflective-evolution.ts";
import { selectBest } from "./select-best.ts";
import { TrialBook } from "./trial-book.ts";

/** Every optimizer, in the order in which they run. */
export const OPTIMIZERS: readonly Optimizer[] = [
  demonstrationSearch,
  reflectiveEvolution,
  playbookRules,
  jointSearch,
];

export interface DriveOptions {
  task: OptimizationTask;
  /** The training rows in the order of use. */
  rows: readonly Row[];
  evaluate: RowEvaluator;
  propose?: Propose | undefined;
  ledger: Ledger;
  random: Random;
  signal?: AbortSignal | undefined;
  optimizers?: readonly Optimizer[] | undefined;
}

export type DriverProgress = OptimizerProgress & { book: TrialBook };
export type DriverResult = Omit<OptimizationResult, "contradictions" | "ledger">;

/** Share of the calls that the first optimizer may spend while others wait behind it; those share evenly. */
const SLICE = 0.6;
/** Slices more for the optimizer that made the best candidate. */
const CONTINUATIONS = 2;
/** Share of all calls that is kept for the last race between the best. */
const FINAL = 0.2;
const FINAL_BLOCK = 25;

/**
 * Runs the optimizers one after another on slices of the budget, goes on with the one that made the best candidate, races the best
 * of all against the seed on what is left, and selects.
 * Whatever happens on the way (budget spent, endpoint gone), there is a result, and the seed is part of it.
 */
export async function* drive(options: DriveOptions): AsyncGenerator<DriverProgress, DriverResult> {
  const { task, rows, ledger, signal } = options;
  const book = new TrialBook();
  const costInputs = rows.slice(0, 8).map((row) => row.input);
  book.add({
    candidate: task.seed,
    family: { selection: "seed", size: task.seed.demonstrations.length },
    origin: "seed",
    promptTokens: promptCost(task.seed, costInputs),
  });
  const stoppedBecause: DriverResult["stoppedBecause"] = {};
  const notes: string[] = [];
  if (task.training.length === 0) notes.push("There is no approved example to learn from.");
  const optimizers = (options.optimizers ?? OPTIMIZERS).filter((optimizer) => {
    const applies = optimizer.applies(task, options.propose !== undefined && task.dearPrompts !== true);
    if (!applies) stoppedBecause[optimizer.name] = "not_applicable";
    return applies;
  });
  const reserved = Math.floor(FINAL * ledger.remainingCalls());
  const available = (): number =>
    Math.max(0, ledger.remainingCalls() - (Number.isFinite(reserved) ? reserved : 0));
  const runOn = async function* (optimizer: Optimizer, calls: number, label: string) {
    const tools = createTools(options, book, ledger.slice(sliceBudget(calls)), label);
    const result = yield* forward(runSafely(optimizer, task, tools), book, signal);
    stoppedBecause[optimizer.name] = result.stoppedBecause;
    notes.push(...result.notes);
    return result.stoppedBecause;
  };
  try {
    let isConstant = false;
    for (const [index, optimizer] of optimizers.entries()) {
      const waiting = optimizers.length - index;
      const share = waiting === 1 ? 1 : index === 0 ? SLICE : 1 / waiting;
      isConstant =
        (yield* runOn(optimizer, Math.floor(available() * share), optimizer.name)) === "metric_constant";
      if (isConstant) break;
    }
    if (isConstant) {
      notes.push("Every answer got the same score, so the evaluator cannot tell candidates apart.");
    }
    const rounds = isConstant ? 0 : CONTINUATIONS;
    for (let round = 1; round <= rounds; round += 1) {
      const stopped = optimizers.filter(({ name }) => stoppedBecause[name] === "budget");
      const { origin } = selectBest(book.trials()).best;
      const next = stopped.find(({ name }) => name === origin) ?? stopped[0];
      if (!next || available() === 0) break;
      yield* runOn(next, available(), `${next.name}:${round}`);
    }
    if (task.seed.runtime === "model") {
      const { finalists } = selectBest(book.trials());
      const tools = createTools(options, book, ledger, "final");
      yield* forward(
        race({ optimizer: "final", trials: finalists, rows, blockSize: FINAL_BLOCK, keepShare: 1 }, tools),
        book,
        signal,
      );
    }
  } catch (error) {
    if (ModelUnavailable.isInstance(error)) notes.push(`${error.message}. The search ended early.`);
    else if (!BudgetExhausted.isInstance(error)) throw error;
  }
  return conclude(book, stoppedBecause, notes);
}

function createTools(
  { rows, evaluate, propose, random }: DriveOptions,
  book: TrialBook,
  ledger: Ledger,
  name: string,
): OptimizerTools {
  return {
    evaluate: async (trial, part) => {
      const evaluated = await evaluate(trial.candidate, part, ledger, trial.hash);
      book.record(trial, evaluated);
      return evaluated;
    },
    propose: propose && ((messages) => propose(messages, ledger)),
    ledger,
    random: random.fork(name),
    book,
    rows,
  };
}

async function* runSafely(
  optimizer: Optimizer,
  task: OptimizationTask,
  tools: OptimizerTools,
): AsyncGenerator<OptimizerProgress, OptimizerResult> {
  try {
    return yield* optimizer.run(task, tools);
  } catch (error) {
    if (!BudgetExhausted.isInstance(error)) throw error;
    return { stoppedBecause: "budget", notes: [] };
  }
}

async function* forward<Result>(
  source: AsyncGenerator<OptimizerProgress, Result>,
  book: TrialBook,
  signal: AbortSignal | undefined,
): AsyncGenerator<DriverProgress, Result> {
  signal?.throwIfAborted();
  let step = await source.next();
  while (!step.done) {
    yield { ...step.value, book };
    signal?.throwIfAborted();
    step = await source.next();
  }
  signal?.throwIfAborted();
  return step.value;
}

function sliceBudget(calls: number): { calls?: number } {
  return Number.isFinite(calls) ? { calls } : {};
}

function conclude(
  book: TrialBook,
  stoppedBecause: DriverResult["stoppedBecause"],
  notes: readonly string[],
): DriverResult {
  const { best, finalists, ranking } = selectBest(book.trials());
  const seed = book.seed();
  return {
    best: best.candidate,
    bestHash: best.hash,
    seedHash: seed.hash,
    seedKept: best === seed,
    finalists: finalists.map(({ hash, candidate }) => ({ hash, candidate })),
    trials: ranking.map(({ trial, rows, mean, standardError, shrunk }) => ({
      hash: trial.hash,
      origin: trial.origin,
      selection: trial.family.selection,
      demonstrations: trial.family.size,
      promptTokens: trial.promptTokens,
      rows,
      score: mean,
      standardError,
      shrunkScore: shrunk,
    })),
    stoppedBecause,
    notes: [...notes],
  };
}
