import {
  type Evaluator,
  type LanguageModel,
  type OptimizationResult,
  type OptimizationSnapshot,
  optimizePrompt,
  type Row,
} from "@agent-learning/learning";
import type { RunHandle } from "../training-runs/carry-out-run.ts";
import type { Candidate } from "@agent-learning/learning";
import type { PromptSettings } from "./prompt-settings.ts";

/** Share of the progress bar that the search takes; the gate and the replay take the rest. */
const SEARCH_SHARE = 80;
const WRITE_MILLISECONDS = 500;

export interface SearchOptions {
  handle: RunHandle;
  seed: Candidate;
  training: readonly Row[];
  evaluator: Evaluator;
  model: LanguageModel | undefined;
  settings: PromptSettings;
  signal: AbortSignal;
}

interface Checkpoint {
  search?: OptimizationSnapshot;
}

/**
 * Looks for better candidates, writing progress and a checkpoint as it goes: a worker that takes the run over ends where this
 * one would have ended.
 */
export async function search(options: SearchOptions): Promise<OptimizationResult> {
  const { handle, settings } = options;
  const checkpoint = (handle.row.checkpoint ?? {}) as unknown as Checkpoint;
  const run = optimizePrompt({
    seed: options.seed,
    training: options.training,
    evaluator: options.evaluator,
    model: options.model,
    proposer: options.model,
    budget: { calls: settings.budget_calls },
    randomSeed: String(settings.seed),
    signal: options.signal,
    snapshot: checkpoint.search,
  });
  const running = run.run();
  let written = 0;
  for (;;) {
    const step = await running.next();
    if (step.done === true) return step.value;
    if (performance.now() - written < WRITE_MILLISECONDS) continue;
    written = performance.now();
    const { optimizer, message, share, trials, ledger } = step.value;
    await handle.change(
      {
        progressPercentage: Math.min(SEARCH_SHARE, Math.round(share * SEARCH_SHARE)),
        currentStep: trials,
        metrics: { trials, ledger },
        checkpoint: { search: run.snapshot() },
      },
      { type: "progress", data: { optimizer, message, trials, calls: ledger.totals.task.calls } },
    );
  }
}
