import { liftOf, ratioSummary, sequentialPValue } from "@agent-learning/statistics";
import {
  analyseExperiment,
  type Analysis,
} from "../../packages/server/src/evaluation/experiments/analyse-experiment.ts";
import { armPeriod } from "../../packages/server/src/evaluation/experiments/arm-periods.ts";
import {
  type HarmObservation,
  type HarmState,
  observeHarm,
} from "../../packages/server/src/evaluation/experiments/harm-watch.ts";
import { measurePair } from "../../packages/server/src/evaluation/experiments/measure-pair.ts";
import type { SubjectSums } from "../../packages/server/src/evaluation/exposures/index.ts";
import { defaultMetrics } from "../../packages/server/src/evaluation/metrics/index.ts";
import { addToSums, type MutableSums, sumsOfStage } from "../simulation/mutable-sums.ts";

export type ExperimentArm = "control" | "treatment";

/** The guide's significance, and the N* of the product's confidence sequence. */
export const ALPHA = 0.05;
const TUNING_UNITS = 5000;
const LEAST_UNITS = 1000;

const PRIMARY = "task_completion";
const METRICS = ["exposure", PRIMARY] as const;
const DECLARED = defaultMetrics(PRIMARY);
const [DECLARED_PRIMARY] = DECLARED.filter((metric) => metric.name === PRIMARY);
const WATCH = { treatments: ["treatment"], metrics: DECLARED, alpha: ALPHA };

/** The observations that there are, made once. */
const SEEN: Record<ExperimentArm, readonly HarmObservation[]> = {
  control: [0, 1].map((value) => ({ arm: "control", value })),
  treatment: [0, 1].map((value) => ({ arm: "treatment", value })),
};

/** An experiment without its database: sums over units in memory, the product's analysis and verdict on them. */
export class ProductExperiment {
  readonly #sums: MutableSums<(typeof METRICS)[number]> = {};
  readonly #shares: readonly (readonly number[])[];
  #harm: HarmState = {};
  #unseen: HarmObservation[] = [];
  readonly #units = { control: 0, treatment: 0 };
  period = 0;

  /** @param shares of the treatment in each period */
  constructor(shares: readonly number[]) {
    this.#shares = shares.map((share) => [1 - share, share]);
  }

  /** One unit with the number of its outcomes and of the good ones; `first` is its first. */
  observe(arm: ExperimentArm, good: number, outcomes: number, first: number): void {
    const sums = sumsOfStage(this.#sums, this.period, arm, METRICS);
    addToSums(sums.exposure, 0, 1);
    addToSums(sums[PRIMARY], good, outcomes);
    this.#unseen.push(SEEN[arm][first] as HarmObservation);
    this.#units[arm] += 1;
  }

  /**
   * Whether the product's sequential p value of the primary metric is at most alpha, with the units that a verdict needs: what every
   * winner has to pass. In one period it is the same few calls as `measurePair` makes.
   */
  isSuspect(): boolean {
    if (this.#units.control < LEAST_UNITS || this.#units.treatment < LEAST_UNITS) return false;
    const first = this.#sums[0];
    if (this.#shares.length === 1 && first !== undefined) {
      const control = first["control"] && ratioSummary(first["control"][PRIMARY]);
      const treatment = first["treatment"] && ratioSummary(first["treatment"][PRIMARY]);
      const lift = control && treatment && liftOf(control, treatment, "absolute");
      return lift !== undefined && sequentialPValue(lift, "two-sided", TUNING_UNITS) <= ALPHA;
    }
    if (DECLARED_PRIMARY === undefined) return false;
    const sums = this.#sums as SubjectSums;
    const periods = this.#shares.map((_, stage) => ({
      control: armPeriod(sums, stage, "control", PRIMARY),
      treatment: armPeriod(sums, stage, "treatment", PRIMARY),
    }));
    const { absolute } = measurePair(DECLARED_PRIMARY, periods);
    return absolute !== undefined && sequentialPValue(absolute, "two-sided", TUNING_UNITS) <= ALPHA;
  }

  /** Everything that the product says of the experiment now. */
  analyse(): Analysis {
    if (DECLARED_PRIMARY !== undefined && this.#unseen.length > 0) {
      this.#harm = observeHarm(this.#harm, DECLARED_PRIMARY, this.#unseen, WATCH);
      this.#unseen = [];
    }
    return analyseExperiment({
      sums: this.#sums as SubjectSums,
      harm: this.#harm,
      arms: ["control", "treatment"].map((name) => ({ name, closed: false })),
      shares: this.#shares.slice(0, this.period + 1),
      metrics: DECLARED,
      primary: PRIMARY,
      inference: "sequential",
      minimumEffect: null,
      minimumUnits: LEAST_UNITS,
      minimumHours: 168,
      runningHours: 168,
      now: new Date(Date.UTC(2026, 0, 8)),
      alpha: ALPHA,
      requiredSignificance: 1 - ALPHA,
      concluded: null,
      final: false,
    });
  }
}
