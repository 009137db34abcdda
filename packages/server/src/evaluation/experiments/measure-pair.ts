import type { ExperimentMetric } from "@agent-learning/contract";
import {
  type ArmSummary,
  combineStrata,
  cupedLift,
  type Lift,
  liftOf,
  type PairedUnitSums,
} from "@agent-learning/statistics";
import { type ArmMeasure, type ArmPeriod, measureArm } from "./measure-arm.ts";

/** A treatment and the control in one period of the allocation. */
export interface PairPeriod {
  control: ArmPeriod;
  treatment: ArmPeriod;
}

/** A treatment against the control in one metric; lifts are undefined where nothing can be inferred. */
export interface MeasuredPair {
  control: ArmSummary | undefined;
  treatment: ArmSummary | undefined;
  absolute: Lift | undefined;
  relative: Lift | undefined;
  cuped: { theta: number; variance_reduction: number } | null;
}

type Pair = [ArmMeasure, ArmMeasure];

/** Value plus covariate: its variance holds their covariance, so that strata can be put together one summary at a time. */
const sumOf = ({ summary, covariate }: ArmMeasure): ArmSummary => ({
  n: summary.n,
  mean: summary.mean + (covariate?.mean ?? 0),
  variance: summary.variance + (covariate?.variance ?? 0) + 2 * (covariate?.covariance ?? 0),
});

/** Every arm gets the same weight for a period: an arm that was large on good days is not better for it. */
function combinePeriods(periods: readonly Pair[]): Pair | undefined {
  if (periods.length <= 1) return periods[0];
  const values = combineStrata(periods.map((pair) => pair.map((arm) => arm.summary)));
  if (values === undefined) return undefined;
  const withCovariate = periods.every((pair) => pair.every((arm) => arm.covariate !== null));
  if (!withCovariate) return values.map((summary) => ({ summary, covariate: null })) as Pair;
  const covariates = combineStrata(
    periods.map((pair) =>
      pair.map(({ summary, covariate }) => ({
        n: summary.n,
        mean: covariate?.mean ?? 0,
        variance: covariate?.variance ?? 0,
      })),
    ),
  );
  const sums = combineStrata(periods.map((pair) => pair.map(sumOf)));
  return values.map((summary, index) => {
    const { mean = 0, variance = 0 } = covariates?.[index] ?? {};
    const covariance = ((sums?.[index]?.variance ?? 0) - summary.variance - variance) / 2;
    return { summary, covariate: { mean, variance, covariance } };
  }) as Pair;
}

/** Sums of units with these moments: what `cupedLift` takes. A ratio comes as its linearised values. */
function toSums({ summary, covariate }: ArmMeasure): PairedUnitSums {
  const { n, mean, variance } = summary;
  const other = covariate ?? { mean: 0, variance: 0, covariance: 0 };
  return {
    n,
    sum: n * mean,
    sumSquares: (n - 1) * variance + n * mean * mean,
    otherSum: n * other.mean,
    otherSumSquares: (n - 1) * other.variance + n * other.mean * other.mean,
    crossSum: (n - 1) * other.covariance + n * mean * other.mean,
  };
}

/** Puts the periods together, and takes away the variance that the covariate explains. */
export function measurePair(metric: ExperimentMetric, periods: readonly PairPeriod[]): MeasuredPair {
  const measured = periods.flatMap((period): Pair[] => {
    const control = measureArm(metric, period.control);
    const treatment = measureArm(metric, period.treatment);
    return control === undefined || treatment === undefined ? [] : [[control, treatment]];
  });
  const pair = combinePeriods(measured);
  if (pair === undefined) {
    return {
      control: undefined,
      treatment: undefined,
      absolute: undefined,
      relative: undefined,
      cuped: null,
    };
  }
  const [control, treatment] = pair;
  const plain = {
    control: control.summary,
    treatment: treatment.summary,
    absolute: liftOf(control.summary, treatment.summary, "absolute"),
    relative: control.summary.mean === 0 ? undefined : liftOf(control.summary, treatment.summary, "relative"),
    cuped: null,
  };
  if (control.covariate === null || treatment.covariate === null || plain.absolute === undefined)
    return plain;
  const sums = [toSums(control), toSums(treatment)] as const;
  const absolute = cupedLift(...sums, "absolute");
  if (absolute === undefined) return plain;
  return {
    ...plain,
    absolute,
    relative: control.summary.mean === 0 ? undefined : cupedLift(...sums, "relative"),
    cuped: {
      theta: absolute.theta,
      variance_reduction: Math.max(0, 1 - absolute.variance / plain.absolute.variance),
    },
  };
}
