import type { ArmEstimate, ExperimentMetric } from "@agent-learning/contract";
import {
  type ArmSummary,
  meanSummary,
  quantileSummary,
  ratioSummary,
  sampleQuantile,
  sketchReader,
} from "@agent-learning/statistics";
import { clustersAt, type StoredMoments, toQuantileSketch } from "../exposures/index.ts";

/** One metric of one arm in one period of the allocation. */
export interface ArmPeriod {
  moments: StoredMoments;
  /** Exposed units of the arm in the period. */
  exposed: number;
}

/** The covariate of an arm's units, and how it goes with the metric. */
export interface CovariateSummary {
  mean: number;
  variance: number;
  /** With what a unit adds to the metric: its value, or for a ratio its linearised value (delta method). */
  covariance: number;
}

/** One metric of one arm as the tests see it. */
export interface ArmMeasure {
  summary: ArmSummary;
  covariate: CovariateSummary | null;
}

function quantileOf(metric: ExperimentMetric, { sketch, n }: StoredMoments): ArmSummary | undefined {
  if (sketch === undefined || metric.quantile === null) return undefined;
  const values = toQuantileSketch(sketch);
  const reader = sketchReader(values);
  const rank = Math.max(1, Math.ceil(values.count * metric.quantile * (1 - 1e-12)));
  return quantileSummary({
    quantile: metric.quantile,
    count: values.count,
    valueAt: (rank) => reader.value(rank),
    clusters: clustersAt(sketch, rank, n),
  });
}

function covariateOf(
  metric: ExperimentMetric,
  { moments }: ArmPeriod,
  summary: ArmSummary,
): CovariateSummary | null {
  const { covariate } = moments;
  if (!metric.covariate || !covariate || covariate.units === 0) return null;
  const { n } = summary;
  const { measuredSum: sum } = covariate;
  const centred = (products: number, other: number): number => (products - (sum / n) * other) / (n - 1);
  const withValue = centred(covariate.valueCross, moments.sum);
  const denominator = metric.per === "unit" ? 1 : moments.otherSum / moments.n;
  const covariance =
    metric.per === "unit"
      ? withValue
      : (withValue - summary.mean * centred(covariate.otherCross, moments.otherSum)) / denominator;
  return { mean: sum / n, variance: Math.max(0, centred(covariate.measuredSumSquares, sum)), covariance };
}

/** Undefined where nothing can be inferred yet: below two units, or too few outcomes for a quantile. */
export function measureArm(metric: ExperimentMetric, period: ArmPeriod): ArmMeasure | undefined {
  const { moments, exposed } = period;
  const summary =
    metric.kind === "quantile"
      ? quantileOf(metric, moments)
      : metric.per === "unit"
        ? meanSummary({ n: exposed, sum: moments.sum, sumSquares: moments.sumSquares })
        : ratioSummary(moments);
  return summary === undefined ? undefined : { summary, covariate: covariateOf(metric, period, summary) };
}

function plainMean(metric: ExperimentMetric, { moments, exposed }: ArmPeriod): number | null {
  if (metric.kind === "quantile") {
    if (moments.sketch === undefined || metric.quantile === null) return null;
    const values = toQuantileSketch(moments.sketch);
    if (values.count === 0) return null;
    const reader = sketchReader(values);
    return sampleQuantile({
      quantile: metric.quantile,
      count: values.count,
      valueAt: (rank) => reader.value(rank),
    });
  }
  if (metric.per === "unit") return exposed > 0 ? moments.sum / exposed : null;
  return moments.otherSum > 0 ? moments.sum / moments.otherSum : null;
}

/** One metric of one arm as people see it; `summary` where the tests see it otherwise than as one period. */
export function estimateArm(
  metric: ExperimentMetric,
  period: ArmPeriod,
  summary: ArmSummary | undefined = measureArm(metric, period)?.summary,
): ArmEstimate {
  return {
    units: metric.per === "unit" ? period.exposed : period.moments.n,
    outcomes: period.moments.otherSum,
    mean: summary?.mean ?? plainMean(metric, period),
    standard_error: summary === undefined ? null : Math.sqrt(summary.variance / summary.n),
  };
}
