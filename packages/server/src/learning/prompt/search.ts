import type { PromptSettings } from "@agent-learning/contract";
import {
  type Budget,
  type Evaluator,
  type JournalEntry,
  type Ledger,
  type LedgerSnapshot,
  type LanguageModel,
  type OptimizationResult,
  type OptimizationSnapshot,
  optimizePrompt,
  type Row,
} from "@agent-learning/learning";
import type { RunHandle } from "../training-runs/carry-out-run.ts";
import type { Candidate } from "@agent-learning/learning";
import type { Calibrations } from "./evaluators/prepare-evaluators.ts";

/** Percentage of a run at which its search is over; the gate and the replay take the rest. */
export const SEARCH_SHARE = 80;
const WRITE_MILLISECONDS = 500;

export interface SearchOptions {
  handle: RunHandle;
  seed: Candidate;
  training: readonly Row[];
  evaluator: Evaluator;
  model: LanguageModel | undefined;
  settings: PromptSettings;
  /** What the judges cost so far, and how well they did. */
  judging: Judging;
  signal: AbortSignal;
}

export interface Judging {
  ledger: Ledger;
  calibrations: Calibrations;
}

/** What a run's successor goes on from. */
export interface Checkpoint {
  search?: OptimizationSnapshot;
  /** What the models answered in duels. */
  duels?: JournalEntry[];
  judging?: { ledger: LedgerSnapshot; calibrations: Calibrations };
}

export function readCheckpoint(handle: RunHandle): Checkpoint {
  return (handle.row.checkpoint ?? {}) as unknown as Checkpoint;
}

/** What the search spent and, beside it, its judges. */
export function withJudges(ledger: LedgerSnapshot, judges: Ledger): LedgerSnapshot {
  return { ...ledger, totals: { ...ledger.totals, judge: judges.totals("judge") } };
}

/**
 * Looks for better candidates, writing progress and a checkpoint as it goes: a worker that takes the run over ends where this
 * one would have ended.
 */
export async function search(options: SearchOptions): Promise<OptimizationResult> {
  const { handle, settings, judging } = options;
  const checkpoint = readCheckpoint(handle);
  const run = optimizePrompt({
    seed: options.seed,
    training: options.training,
    evaluator: options.evaluator,
    model: options.model,
    proposer: options.model,
    budget: budgetOf(settings),
    randomSeed: String(settings.seed),
    signal: options.signal,
    snapshot: checkpoint.search,
  });
  const running = run.run();
  let written = 0;
  for (;;) {
    const step = await running.next();
    if (step.done === true) return { ...step.value, ledger: withJudges(step.value.ledger, judging.ledger) };
    if (performance.now() - written < WRITE_MILLISECONDS) continue;
    written = performance.now();
    const { optimizer, message, share, trials, ledger } = step.value;
    await handle.change(
      {
        progressPercentage: Math.min(SEARCH_SHARE, Math.round(share * SEARCH_SHARE)),
        currentStep: trials,
        metrics: { trials, ledger: withJudges(ledger, judging.ledger) },
        checkpoint: {
          search: run.snapshot(),
          judging: { ledger: judging.ledger.toJSON(), calibrations: judging.calibrations },
        } satisfies Checkpoint,
      },
      { type: "progress", data: { optimizer, message, trials, calls: ledger.totals.task.calls } },
    );
  }
}

/** What a search may take. A judge may take as many calls again. */
export function budgetOf({
  budget_calls: calls,
  budget_tokens: tokens,
  budget_cost: cost,
}: PromptSettings): Budget {
  return { calls, ...(tokens === undefined ? {} : { tokens }), ...(cost === undefined ? {} : { cost }) };
}
