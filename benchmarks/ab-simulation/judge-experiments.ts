import { keepsRate, quantile, rateP } from "../simulation/bars.ts";
import { ALPHA } from "./product-experiment.ts";
import type { ExperimentScenario } from "./scenarios.ts";
import type { ExperimentRun } from "./simulate-experiment.ts";

export interface ExperimentResult {
  readonly name: string;
  readonly title: string;
  readonly runs: number;
  readonly winners: number;
  readonly harmed: number;
  readonly baselines: readonly number[];
  /** Exact binomial p of "a winner, or a stop for harm, in at most alpha of runs"; null where that is not the claim. */
  readonly pValue: number | null;
  readonly median: number | null;
  readonly ninetieth: number | null;
  readonly claim: string;
  readonly isKept: boolean;
}

export function judgeExperiments(
  { name, title, claim }: ExperimentScenario,
  runs: readonly ExperimentRun[],
): ExperimentResult {
  const count = (test: (run: ExperimentRun) => boolean): number => runs.filter(test).length;
  const winners = count((run) => run.winner !== null);
  const shared = {
    name,
    title,
    runs: runs.length,
    winners,
    harmed: count((run) => run.harmed),
    baselines: (runs[0]?.baselines ?? []).map((_, i) => count((run) => run.baselines[i] === true)),
  };
  if (claim.kind === "found") {
    const found = runs.map((run) => (run.winner === "treatment" ? run.after : null));
    const ninetieth = quantile(found, 0.9);
    return {
      ...shared,
      pValue: null,
      median: quantile(found, 0.5),
      ninetieth,
      claim: `p90 <= ${claim.within}`,
      isKept: ninetieth <= claim.within,
    };
  }
  const bar = { count: count((run) => run.winner !== null || run.harmed), runs: runs.length, alpha: ALPHA };
  return {
    ...shared,
    pValue: rateP(bar),
    median: null,
    ninetieth: null,
    claim: `<= ${(100 * ALPHA).toFixed(0)} %`,
    isKept: keepsRate(bar),
  };
}
