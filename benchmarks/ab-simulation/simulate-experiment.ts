import { randomBeta, SeededRandom } from "@agent-learning/statistics";
import { type ExperimentArm, ProductExperiment } from "./product-experiment.ts";
import type { ExperimentScenario } from "./scenarios.ts";

/** How a run ended. Plain data: it crosses threads. */
export interface ExperimentRun {
  readonly winner: ExperimentArm | null;
  /** Units of the smaller arm when it was declared. */
  readonly after: number | null;
  /** Stopped for harm of the treatment. */
  readonly harmed: boolean;
  /** Which of `AB_BASELINES` declared a winner. */
  readonly baselines: readonly boolean[];
}

export const AB_BASELINES = ["repeated z-test", "chance to win > 95 %", "one look at the end"] as const;

const [Z_975, Z_95] = [1.959963984540054, 1.6448536269514722];
/** Units of each arm before the baselines look. */
const LEAST = 100;

/** Units between two looks of the harm watch, whose verdict is latched: it finds what a look at each unit would. */
const HARM_EVERY = 2000;

/** z of the difference of two proportions over outcomes, as if each were a unit. */
function zOf(good: readonly number[], outcomes: readonly number[]): number {
  const [a = 0, b = 0] = good;
  const [n = 0, m = 0] = outcomes;
  const pooled = (a + b) / (n + m);
  const variance = pooled * (1 - pooled) * (1 / n + 1 / m);
  return variance === 0 ? 0 : (b / m - a / n) / Math.sqrt(variance);
}

/** One experiment, unit by unit; the product stops at its first verdict, the baselines go on to the end. */
export function simulateExperiment(scenario: ExperimentScenario, seed: number): ExperimentRun {
  const { periods, rate, clusters, lookEvery = 1, claim } = scenario;
  const random = new SeededRandom(`${scenario.name}:${seed}`);
  const experiment = new ProductExperiment(periods.map(({ share }) => share));
  const total = periods.reduce((sum, { units }) => sum + units, 0);
  const [good, outcomes, units] = [
    [0, 0] as [number, number],
    [0, 0] as [number, number],
    [0, 0] as [number, number],
  ];
  const declared = AB_BASELINES.map(() => false);
  let end: { winner: ExperimentArm | null; after: number | null; harmed: boolean } | undefined;
  let seen = 0;
  for (const [index, period] of periods.entries()) {
    experiment.period = index;
    for (let unit = 0; unit < period.units; unit++) {
      if (end !== undefined && claim.kind === "found") break;
      seen += 1;
      const isTreatment = random.uint32() / 2 ** 32 < period.share;
      const arm = isTreatment ? "treatment" : "control";
      const probability = rate(arm, seen / total, index);
      const own =
        clusters === undefined
          ? probability
          : randomBeta(
              random,
              probability * clusters.concentration,
              (1 - probability) * clusters.concentration,
            );
      const count = clusters === undefined ? 1 : 1 + (random.uint32() % clusters.outcomes);
      const first = random.uint32() / 2 ** 32 < own ? 1 : 0;
      let successes = first;
      for (let i = 1; i < count; i++) if (random.uint32() / 2 ** 32 < own) successes++;
      const side = isTreatment ? 1 : 0;
      good[side] += successes;
      outcomes[side] += count;
      units[side] += 1;
      if (units[0] >= LEAST && units[1] >= LEAST && !(declared[0] && declared[1])) {
        const z = Math.abs(zOf(good, outcomes));
        declared[0] ||= z > Z_975;
        declared[1] ||= z > Z_95;
      }
      if (end !== undefined) continue;
      experiment.observe(arm, successes, count, first);
      if (seen % HARM_EVERY === 0 || (seen % lookEvery === 0 && experiment.isSuspect())) {
        const { verdict } = experiment.analyse();
        const winner = verdict.winner;
        if (winner !== null || verdict.harmed.length > 0) {
          end = {
            winner: winner === null ? null : winner === "treatment" ? "treatment" : "control",
            after: winner === null ? null : Math.min(units[0], units[1]),
            harmed: verdict.harmed.length > 0,
          };
        }
      }
    }
  }
  const harmed = end === undefined && experiment.analyse().verdict.harmed.length > 0;
  declared[2] = Math.abs(zOf(good, outcomes)) > Z_975;
  return { ...(end ?? { winner: null, after: null, harmed }), baselines: declared };
}
