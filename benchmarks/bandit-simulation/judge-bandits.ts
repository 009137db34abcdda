import { normalCdf } from "@agent-learning/statistics";
import { keepsRate, rateP } from "../simulation/bars.ts";
import type { BanditScenario } from "./scenarios.ts";
import type { BanditRun } from "./simulate-bandit.ts";

export interface BanditResult {
  readonly name: string;
  readonly title: string;
  readonly runs: number;
  readonly missed: number;
  readonly missedP: number;
  /** Mean estimate less the truth, and its standard error; of the product and of plain sums. */
  readonly bias: number;
  readonly biasError: number;
  readonly pooledBias: number;
  readonly winners: number;
  /** Mean successes lost, of the bandit and of an even split. */
  readonly regret: number;
  readonly evenRegret: number;
  readonly lastShare: number;
  readonly isKept: boolean;
}

const ALPHA = 0.05;
/** Estimates are called biased when chance would say so once in a thousand runs of the simulation. */
const BIAS_P = 0.001;

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function judgeBandits(scenario: BanditScenario, runs: readonly BanditRun[]): BanditResult {
  const count = (test: (run: BanditRun) => boolean): number => runs.filter(test).length;
  const missed = count((run) => run.missed);
  const estimates = runs.map((run) => run.estimate - scenario.difference);
  const bias = meanOf(estimates);
  const variance = meanOf(estimates.map((value) => (value - bias) ** 2));
  const biasError = Math.sqrt(variance / Math.max(1, runs.length - 1));
  const winners = count((run) => run.winner !== null);
  const [regret, evenRegret] = [
    meanOf(runs.map((run) => run.regret)),
    meanOf(runs.map((run) => run.evenRegret)),
  ];
  const isUnbiased = 2 * normalCdf(-Math.abs(bias) / biasError) >= BIAS_P;
  const keeps = (count: number): boolean => keepsRate({ count, runs: runs.length, alpha: ALPHA });
  return {
    name: scenario.name,
    title: scenario.title,
    runs: runs.length,
    missed,
    missedP: rateP({ count: missed, runs: runs.length, alpha: ALPHA }),
    bias,
    biasError,
    pooledBias: meanOf(runs.map((run) => run.pooled - scenario.difference)),
    winners,
    regret,
    evenRegret,
    lastShare: meanOf(runs.map((run) => run.lastShare)),
    isKept: keeps(missed) && isUnbiased && (scenario.isBetter ? regret < evenRegret : keeps(winners)),
  };
}
