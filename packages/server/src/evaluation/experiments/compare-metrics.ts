import type {
  BayesianView,
  ExperimentMetric,
  Inference,
  Interval,
  MetricComparison,
} from "@agent-learning/contract";
import { confidenceSequence, type Lift, posteriorOf, welchTest } from "@agent-learning/statistics";
import { holmLevels } from "./holm-levels.ts";
import { type ArmPeriod, estimateArm } from "./measure-arm.ts";
import { type MeasuredPair, measurePair, type PairPeriod } from "./measure-pair.ts";

/** One treatment in one metric, whole and by period. */
export interface ComparedArm {
  metric: ExperimentMetric;
  arm: string;
  periods: readonly PairPeriod[];
  /** All periods added up, for what people see. */
  control: ArmPeriod;
  treatment: ArmPeriod;
}

export interface ComparisonOptions {
  inference: Inference;
  primary: string;
  alpha: number;
  minimumPerArm: number;
}

/** A comparison, and what its test says. */
export interface TestedComparison {
  comparison: MetricComparison;
  pair: MeasuredPair;
  /** Both arms have the units that a verdict needs. */
  verdictAllowed: boolean;
}

function infer(lift: Lift, inference: Inference, alpha: number): { interval: Interval; pValue: number } {
  const { estimate, lower, upper, pValue } =
    inference === "sequential" ? confidenceSequence(lift, { alpha }) : welchTest(lift, { alpha });
  return { interval: { estimate, lower, upper }, pValue };
}

function bayesOf(lift: Lift | undefined, better: "higher" | "lower"): BayesianView | null {
  if (lift === undefined) return null;
  const posterior = posteriorOf(lift, { isLowerBetter: better === "lower" });
  return {
    chance_to_win: posterior.chanceToWin,
    risk_of_treatment: posterior.riskOfTreatment,
    risk_of_control: posterior.riskOfControl,
    relative: { estimate: posterior.mean, lower: posterior.lower, upper: posterior.upper },
  };
}

/**
 * Every treatment against the control in every metric. Goals share alpha by Holm's procedure over treatments and goals, guardrails over
 * treatments and guardrails; signals have it each for themselves. A comparison that says nothing yet keeps its place in its family.
 */
export function compareMetrics(
  compared: readonly ComparedArm[],
  options: ComparisonOptions,
): TestedComparison[] {
  const { inference, alpha } = options;
  const pairs = compared.map(({ metric, periods }) => measurePair(metric, periods));
  const pValues = pairs.map(({ absolute }) =>
    absolute === undefined ? null : infer(absolute, inference, alpha).pValue,
  );
  const steps = compared.map(() => ({ adjusted: null as number | null, level: alpha }));
  for (const role of ["goal", "guardrail"] as const) {
    const family = compared.flatMap(({ metric }, index) => (metric.role === role ? [index] : []));
    const levels = holmLevels(
      family.map((index) => pValues[index] ?? 1),
      alpha,
    );
    family.forEach((index, place) => {
      const { adjusted = 1, level = alpha } = levels[place] ?? {};
      steps[index] = { adjusted: pValues[index] === null ? null : adjusted, level };
    });
  }
  return compared.map(({ metric, arm, control, treatment }, index) => {
    const pair = pairs[index] as MeasuredPair;
    const { adjusted, level } = steps[index] ?? { adjusted: null, level: alpha };
    const intervalOf = (lift: Lift | undefined): Interval | null =>
      lift === undefined ? null : infer(lift, inference, level).interval;
    return {
      pair,
      verdictAllowed: (pair.absolute?.smallerArm ?? 0) >= options.minimumPerArm,
      comparison: {
        metric: metric.name,
        kind: metric.kind,
        role: metric.role,
        better: metric.better,
        primary: metric.name === options.primary,
        arm,
        control: estimateArm(metric, control, pair.control),
        treatment: estimateArm(metric, treatment, pair.treatment),
        absolute: intervalOf(pair.absolute),
        relative: intervalOf(pair.relative),
        p_value: pValues[index] ?? null,
        adjusted_p_value: adjusted,
        interval_level: level,
        cuped: pair.cuped,
        bayes: bayesOf(pair.relative, metric.better),
      },
    };
  });
}

/** Estimates only: what a fixed horizon shows before its end. */
export function withoutInference(tested: TestedComparison): TestedComparison {
  return {
    ...tested,
    verdictAllowed: false,
    comparison: {
      ...tested.comparison,
      absolute: null,
      relative: null,
      p_value: null,
      adjusted_p_value: null,
      bayes: null,
    },
  };
}
