import type { LanguageModel } from "../../ports.ts";
import { createRandom, shuffled } from "../../random.ts";
import type { Candidate } from "../candidate.ts";
import { CompletionJournal, type JournalEntry } from "../completion-journal.ts";
import { createProposer } from "../create-proposer.ts";
import { createDemonstrationsAgentCache } from "../demonstrations-agent/agent-cache.ts";
import { createRowEvaluator } from "../evaluate-rows.ts";
import { type CachedEvaluation, EvaluationCache } from "../evaluation-cache.ts";
import type { Evaluator } from "../evaluators/evaluator.ts";
import { type Budget, Ledger, type LedgerSnapshot } from "../ledger.ts";
import { distinctRows, type Row } from "../rows.ts";
import { drive } from "./driver.ts";
import type { OptimizationResult } from "./optimization-result.ts";
import type { Optimizer, OptimizerProgress } from "./optimizer.ts";

export interface OptimizePromptOptions {
  seed: Candidate;
  /** Approved examples, oldest first. Duplicates and contradictions are resolved and reported. */
  training: readonly Row[];
  evaluator: Evaluator;
  /** Answers for candidates of the runtime "model". */
  model?: LanguageModel | undefined;
  /** Proposes instructions; usually a stronger model than the one that answers. */
  proposer?: LanguageModel | undefined;
  budget?: Budget;
  /** Estimated prompt tokens that one request may take; default 4000, or 1500 for a model whose prompts are dear. */
  maximumPromptTokens?: number;
  /** Most model calls at one time; default 4. */
  concurrency?: number;
  randomSeed?: string;
  signal?: AbortSignal | undefined;
  /** Where an interrupted run with the same options stood. */
  snapshot?: OptimizationSnapshot | undefined;
  /** In the order in which they run; default: all. */
  optimizers?: readonly Optimizer[];
}

/**
 * Everything that a resumed run needs beside its options, as JSON: what was answered so far. The run makes its decisions again from
 * that, so it ends where an uninterrupted run ends. Calls made after the last snapshot are made again and counted once.
 */
export interface OptimizationSnapshot {
  version: 1;
  evaluations: CachedEvaluation[];
  proposals: JournalEntry[];
}

export interface OptimizationProgress extends OptimizerProgress {
  ledger: LedgerSnapshot;
  /** Candidates tried so far. */
  trials: number;
}

export interface OptimizationRun {
  /** Runs to the end; yields progress after each block of rows. May be called once. */
  run(): AsyncGenerator<OptimizationProgress, OptimizationResult>;
  /** What to store to resume; valid at any time. */
  snapshot(): OptimizationSnapshot;
}

const MOST_PROMPT_TOKENS = 4000;
/** Some forty short demonstrations beside an instruction. */
const MOST_DEAR_PROMPT_TOKENS = 1500;

/** Prepares the search for a better prompt. Nothing is called before `run()`. */
export function optimizePrompt(options: OptimizePromptOptions): OptimizationRun {
  const { seed, evaluator, model, proposer, budget = {}, concurrency = 4, signal, snapshot } = options;
  if (seed.runtime === "model" && !model) {
    throw new TypeError('A seed of the runtime "model" needs a language model');
  }
  const dearPrompts = seed.runtime === "model" && model?.prefill === "dear";
  const maximumPromptTokens =
    options.maximumPromptTokens ?? (dearPrompts ? MOST_DEAR_PROMPT_TOKENS : MOST_PROMPT_TOKENS);
  const random = createRandom(options.randomSeed ?? "prompt");
  const cache = EvaluationCache.restore(snapshot?.evaluations ?? []);
  const journal = CompletionJournal.restore(snapshot?.proposals ?? []);
  const agents = createDemonstrationsAgentCache();
  const ledger = new Ledger(budget);
  const { rows, contradictions } = distinctRows(options.training);
  return {
    snapshot: () => ({ version: 1, evaluations: cache.toJSON(), proposals: journal.toJSON() }),
    async *run() {
      const driving = drive({
        task: { seed, training: rows, maximumPromptTokens, dearPrompts },
        rows: shuffled(random.fork("rows"), rows),
        evaluate: createRowEvaluator({ model, evaluator, cache, agents, concurrency, signal }),
        propose: proposer && createProposer({ model: proposer, journal, signal }),
        ledger,
        random,
        signal,
        optimizers: options.optimizers,
      });
      let step = await driving.next();
      while (!step.done) {
        const { book, ...progress } = step.value;
        yield { ...progress, trials: book.trials().length, ledger: ledger.toJSON() };
        step = await driving.next();
      }
      return { ...step.value, contradictions, ledger: ledger.toJSON() };
    },
  };
}
