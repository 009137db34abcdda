import type { ExperimentHealth } from "@agent-learning/contract";
import {
  confidenceSequence,
  LN_SAMPLE_RATIO_ALARM,
  lnSampleRatioOverPeriods,
  type Lift,
  sampleRatioTestOverPeriods,
} from "@agent-learning/statistics";

/** Exposed units of one period by arm, how many of them were seen in another arm too, and the shares that they were exposed at. */
export interface ExposedPeriod {
  units: readonly number[];
  crossovers: readonly number[];
  weights: readonly number[];
}

export interface HealthInput {
  /** In order of time; arms in the order of `arms`. */
  periods: readonly ExposedPeriod[];
  arms: readonly string[];
  runningHours: number;
  /** How treatments and control differ in what their units were before the experiment; undefined: nothing to compare. */
  covariates: readonly { metric: string; arm: string; lift: Lift | undefined }[];
  /** The experiment has ended: the ratio is tested once, by chi-square, beside the sequential test. */
  final: boolean;
}

const MAXIMUM_CROSSOVERS = 0.01;
const FINAL_P_VALUE = 0.001;
const COVARIATE_P_VALUE = 0.001;
const SILENT_HOURS = 24;
/** Infinity has no form in JSON; this much evidence is the same to everybody. */
const LN_LARGEST = 1e6;

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function sampleRatioReason(input: HealthInput): string {
  const counts = input.arms.map((_, arm) => total(input.periods.map((period) => period.units[arm] ?? 0)));
  const weights = input.periods.at(-1)?.weights ?? [];
  const shares = weights.map((weight) => Math.round((1000 * weight) / total(weights)) / 10);
  const intended =
    input.periods.length === 1
      ? `the split intends ${shares.join(":")}`
      : "the shares at their exposures intend others";
  return `The arms have ${counts.join(" and ")} units where ${intended}: units are lost or assigned elsewhere. Find out why and start a new experiment.`;
}

/**
 * Whether the split gave the arms the units that it should have, alike, and kept them there. Sequential while the experiment runs, so
 * that looking often raises no false alarm; the chi-square test is for the final report.
 */
export function assessHealth(input: HealthInput): ExperimentHealth {
  const periods = input.periods.map(({ units, weights }) => ({ counts: [...units], weights: [...weights] }));
  const exposed = total(input.periods.map((period) => total(period.units)));
  const crossovers = total(input.periods.map((period) => total(period.crossovers)));
  const crossoverShare = exposed === 0 ? 0 : crossovers / exposed;
  const lnBayesFactor = Math.min(LN_LARGEST, lnSampleRatioOverPeriods(periods));
  const pValue = input.final && exposed > 0 ? sampleRatioTestOverPeriods(periods).pValue : null;
  const alarm = lnBayesFactor > LN_SAMPLE_RATIO_ALARM || (pValue !== null && pValue < FINAL_P_VALUE);
  const level = COVARIATE_P_VALUE / Math.max(1, input.covariates.length);
  const covariates = input.covariates.flatMap(({ metric, arm, lift }) => {
    if (lift === undefined) return [];
    const { pValue: p, verdictAllowed } = confidenceSequence(lift);
    return [{ metric, arm, p_value: p, alarm: verdictAllowed && p < level }];
  });
  const silent = exposed === 0 && input.runningHours >= SILENT_HOURS;
  const reasons: string[] = [];
  if (exposed === 0) {
    reasons.push(
      silent
        ? `No unit was exposed in ${Math.floor(input.runningHours)} hours: the agent does not record executions with their split, or reports no exposures.`
        : "No unit was exposed yet: record executions with their split.",
    );
  }
  if (alarm) reasons.push(sampleRatioReason(input));
  if (crossoverShare >= MAXIMUM_CROSSOVERS) {
    reasons.push(
      `${(crossoverShare * 100).toFixed(1)} % of the units were seen in more than one arm; below 1 % is sound. Check that the unit id is stable.`,
    );
  }
  for (const { metric, arm, p_value: p } of covariates.filter((one) => one.alarm)) {
    reasons.push(
      `The units of ${arm} had another ${metric} than the control's before they were exposed (p ${p.toExponential(1)}): the split is not random. Check how units are assigned and start a new experiment.`,
    );
  }
  const unhealthy =
    alarm || silent || crossoverShare >= MAXIMUM_CROSSOVERS || covariates.some((one) => one.alarm);
  return {
    status: unhealthy ? "unhealthy" : exposed === 0 ? "unknown" : "healthy",
    reasons,
    crossover_share: crossoverShare,
    sample_ratio: { ln_bayes_factor: lnBayesFactor, alarm, p_value: pValue },
    covariates,
  };
}
