import { randomBinomial, SeededRandom } from "@agent-learning/statistics";
import type { StoredAllocation } from "../../packages/server/src/administration/serving/index.ts";
import {
  analyseExperiment,
  type Analysis,
} from "../../packages/server/src/evaluation/experiments/analyse-experiment.ts";
import { reallocation } from "../../packages/server/src/evaluation/experiments/reallocation.ts";
import type { SubjectSums } from "../../packages/server/src/evaluation/exposures/index.ts";
import { defaultMetrics } from "../../packages/server/src/evaluation/metrics/index.ts";
import { type MutableSums, sumsOfStage } from "../simulation/mutable-sums.ts";
import { BANDIT_ARMS, type BanditScenario } from "./scenarios.ts";

/** How a run ended. Plain data: it crosses threads. */
export interface BanditRun {
  /** Successes that the best arm would have had more, by expectation, of the bandit and of an even split of the same units. */
  readonly regret: number;
  readonly evenRegret: number;
  /** `bold` less `control` at the end: by the product, and from sums over all days as if nothing had moved. */
  readonly estimate: number;
  readonly pooled: number;
  /** The product's interval left out the truth at one of its looks. */
  readonly missed: boolean;
  /** Where no arm is better: one was declared to be. */
  readonly winner: string | null;
  /** Share of the units that `bold` had on the last day. */
  readonly lastShare: number;
}

const PRIMARY = "task_completion";
const METRICS = ["exposure", PRIMARY] as const;
const DECLARED = defaultMetrics(PRIMARY);
const ALPHA = 0.05;
const START = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

/** The product's analysis and reallocation, day by day, over units that come once. */
export function simulateBandit(scenario: BanditScenario, seed: number): BanditRun {
  const { days, unitsADay, rate, difference } = scenario;
  const random = new SeededRandom(`${scenario.name}:${seed}`);
  const sums: MutableSums<(typeof METRICS)[number]> = {};
  const even = Object.fromEntries(BANDIT_ARMS.map((arm) => [arm, 1 / BANDIT_ARMS.length]));
  const allocation: StoredAllocation = {
    policy: "bandit",
    floor: 0.05,
    update_hours: 24,
    periods: [{ since: new Date(START).toISOString(), shares: even, reason: "" }],
  };
  const totals = { control: [0, 0], treatment: [0, 0], bold: [0, 0] };
  let [regret, evenRegret] = [0, 0];
  let missed = false;
  let analysis: Analysis | undefined;
  for (let day = 0; day < days; day++) {
    const stage = allocation.periods.length - 1;
    const shares = allocation.periods[stage]?.shares ?? even;
    const best = Math.max(...BANDIT_ARMS.map((arm) => rate(arm, day)));
    let [left, leftShare] = [unitsADay, 1];
    for (const arm of BANDIT_ARMS) {
      const share = shares[arm] ?? 0;
      const units = randomBinomial(random, left, Math.min(1, share / leftShare));
      left -= units;
      leftShare = Math.max(leftShare - share, 1e-12);
      const good = randomBinomial(random, units, rate(arm, day));
      const of = sumsOfStage(sums, stage, arm, METRICS);
      addUnits(of.exposure, units, 0);
      addUnits(of[PRIMARY], units, good);
      totals[arm][0] = (totals[arm][0] ?? 0) + units;
      totals[arm][1] = (totals[arm][1] ?? 0) + good;
      regret += units * (best - rate(arm, day));
      evenRegret += (unitsADay / BANDIT_ARMS.length) * (best - rate(arm, day));
    }
    const now = new Date(START + (day + 1) * DAY);
    analysis = analyseExperiment({
      sums: sums as SubjectSums,
      harm: {},
      arms: BANDIT_ARMS.map((name) => ({ name, closed: false })),
      shares: allocation.periods.map((period) => BANDIT_ARMS.map((arm) => period.shares[arm] ?? 0)),
      metrics: DECLARED,
      primary: PRIMARY,
      inference: "sequential",
      minimumEffect: null,
      minimumUnits: 1000,
      minimumHours: 168,
      runningHours: 24 * (day + 1),
      now,
      alpha: ALPHA,
      requiredSignificance: 1 - ALPHA,
      concluded: null,
      final: false,
    });
    const interval = boldOf(analysis);
    missed ||= interval !== null && (difference < interval.lower || difference > interval.upper);
    const moved = reallocation(allocation, analysis.beliefs, { isLowerBetter: false, now });
    if (moved !== undefined) allocation.periods.push({ since: now.toISOString(), ...moved });
  }
  const mean = (arm: "control" | "bold"): number => (totals[arm][1] ?? 0) / Math.max(1, totals[arm][0] ?? 0);
  return {
    regret,
    evenRegret,
    estimate: (analysis && boldOf(analysis)?.estimate) ?? 0,
    pooled: mean("bold") - mean("control"),
    missed,
    winner: analysis?.verdict.winningArm ?? analysis?.verdict.winner ?? null,
    lastShare: allocation.periods.at(-1)?.shares["bold"] ?? 0,
  };
}

function boldOf(analysis: Analysis): { estimate: number; lower: number; upper: number } | null {
  const found = analysis.comparisons.find((one) => one.metric === PRIMARY && one.arm === "bold");
  return found?.absolute ?? null;
}

/** Units with one outcome each, `good` of them 1. */
function addUnits(sums: ReturnType<typeof sumsOfStage>[string], units: number, good: number): void {
  sums.n += units;
  sums.sum += good;
  sums.sumSquares += good;
  sums.otherSum += units;
  sums.otherSumSquares += units;
  sums.crossSum += good;
}
