import { keepsRate, quantile, rateP } from "../simulation/bars.ts";
import { ALPHA } from "./product-canary.ts";
import type { CanaryScenario } from "./scenarios.ts";
import type { CanaryRun } from "./simulate-canary.ts";

/** A scenario's runs against its claim. */
export interface CanaryResult {
  readonly name: string;
  readonly title: string;
  readonly runs: number;
  readonly rolledBack: number;
  readonly promoted: number;
  readonly invalid: number;
  readonly baselines: readonly number[];
  /** Exact binomial p of "rolled back at most alpha"; null where that is not the claim. */
  readonly pValue: number | null;
  /** Units within which half and nine in ten were found; null where that is not the claim. */
  readonly median: number | null;
  readonly ninetieth: number | null;
  readonly claim: string;
  readonly isKept: boolean;
}

const count = <T>(values: readonly T[], test: (value: T) => boolean): number => values.filter(test).length;

export function judgeCanaries(scenario: CanaryScenario, runs: readonly CanaryRun[]): CanaryResult {
  const { claim } = scenario;
  const rolledBack = count(runs, (run) => run.outcome === "rolled back");
  const shared = {
    name: scenario.name,
    title: scenario.title,
    runs: runs.length,
    rolledBack,
    promoted: count(runs, (run) => run.outcome === "promoted"),
    invalid: count(runs, (run) => run.outcome === "invalid"),
    baselines: (runs[0]?.baselines ?? []).map((_, i) => count(runs, (run) => run.baselines[i] === true)),
  };
  if (claim.kind === "found") {
    const found = runs.map((run) => (run.trigger === claim.guardrail ? run.after : null));
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
  const alpha = claim.kind === "never" ? 0 : ALPHA;
  const bar = { count: rolledBack, runs: runs.length, alpha };
  return {
    ...shared,
    pValue: rateP(bar),
    median: null,
    ninetieth: null,
    claim: claim.kind === "never" ? "never" : `<= ${(100 * ALPHA).toFixed(2)} %`,
    isKept: keepsRate(bar),
  };
}
