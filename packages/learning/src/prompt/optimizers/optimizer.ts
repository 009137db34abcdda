import type { ChatMessage, Random } from "../../ports.ts";
import type { Candidate } from "../candidate.ts";
import type { EvaluatedRow } from "../evaluation-cache.ts";
import type { Ledger } from "../ledger.ts";
import type { Row } from "../rows.ts";
import type { Trial, TrialBook } from "./trial-book.ts";

export interface OptimizationTask {
  /** What runs today. It is a trial from the start and is never dropped. */
  seed: Candidate;
  /** Approved examples, one for each input: they may become demonstrations, and score candidates by leave-one-out. */
  training: readonly Row[];
  /** Estimated prompt tokens that one request may take; for the runtime "model" only. */
  maximumPromptTokens: number;
  /** Evaluating a prompt is expensive unless an earlier one began with it: see `LanguageModel.prefill`. */
  dearPrompts?: boolean;
}

export interface OptimizerTools {
  /** Answers and scores rows; every score lands in the trial. Throws `BudgetExhausted` with nothing called. */
  evaluate(trial: Trial, rows: readonly Row[]): Promise<EvaluatedRow[]>;
  /** Asks the proposer model; absent where there is none. */
  propose?: ((messages: readonly ChatMessage[]) => Promise<string>) | undefined;
  /** This optimizer's share of the budget. */
  ledger: Ledger;
  random: Random;
  /** All trials of all optimizers so far. */
  book: TrialBook;
  /** The training rows in the order in which blocks of them are used: the same rows first for everyone. */
  rows: readonly Row[];
}

export interface OptimizerProgress {
  optimizer: string;
  /** What just happened, as a sentence. */
  message: string;
  /** Share of this optimizer's work that is done, 0 to 1, as far as it can know. */
  share: number;
}

export type StopReason =
  | "finished"
  | "budget"
  | "ceiling"
  | "no_progress"
  | "not_applicable"
  | "metric_constant";

export interface OptimizerResult {
  stoppedBecause: StopReason;
  /** What a person should know, as sentences. */
  notes: string[];
}

/** One way of looking for better candidates. It writes trials into the book; the driver decides between them. */
export interface Optimizer {
  name: string;
  /** False where it could do nothing; its share of the budget then goes to the others. */
  applies(task: OptimizationTask, hasProposer: boolean): boolean;
  run(task: OptimizationTask, tools: OptimizerTools): AsyncGenerator<OptimizerProgress, OptimizerResult>;
}
