import type { ExperimentHealth } from "@agent-learning/contract";
import { LN_SAMPLE_RATIO_ALARM, lnSampleRatioBayesFactor, sampleRatioTest } from "@agent-learning/statistics";

export interface HealthInput {
  /** Exposed units, and how many of them were seen in the other arm too. */
  control: { units: number; crossovers: number };
  treatment: { units: number; crossovers: number };
  /** Intended shares, in any unit. */
  weights: { control: number; treatment: number };
  /** The experiment has ended: the ratio is tested once, by chi-square, beside the sequential test. */
  final: boolean;
}

const MAXIMUM_CROSSOVERS = 0.01;
const FINAL_P_VALUE = 0.001;
/** Infinity has no form in JSON; this much evidence is the same to everybody. */
const LN_LARGEST = 1e6;

/**
 * Whether the split gave the arms the units that it should have, and kept them there. Sequential while the experiment runs, so
 * that looking often raises no false alarm; the chi-square test is for the final report.
 */
export function assessHealth(input: HealthInput): ExperimentHealth {
  const counts = [input.control.units, input.treatment.units];
  const weights = [input.weights.control, input.weights.treatment];
  const total = input.control.units + input.treatment.units;
  const crossovers = input.control.crossovers + input.treatment.crossovers;
  const crossoverShare = total === 0 ? 0 : crossovers / total;
  const lnBayesFactor = Math.min(LN_LARGEST, lnSampleRatioBayesFactor({ counts, weights }));
  const pValue = input.final && total > 0 ? sampleRatioTest({ counts, weights }).pValue : null;
  const alarm = lnBayesFactor > LN_SAMPLE_RATIO_ALARM || (pValue !== null && pValue < FINAL_P_VALUE);
  const reasons: string[] = [];
  if (total === 0) reasons.push("No unit was exposed yet: record executions with their split.");
  if (alarm) {
    reasons.push(
      `The arms have ${counts.join(" and ")} units where the split intends ${weights.join(":")}: units are lost or assigned elsewhere. Find out why and start a new experiment.`,
    );
  }
  if (crossoverShare >= MAXIMUM_CROSSOVERS) {
    reasons.push(
      `${(crossoverShare * 100).toFixed(1)} % of the units were seen in both arms; below 1 % is sound. Check that the unit id is stable.`,
    );
  }
  const unhealthy = alarm || crossoverShare >= MAXIMUM_CROSSOVERS;
  return {
    status: unhealthy ? "unhealthy" : total === 0 ? "unknown" : "healthy",
    reasons,
    crossover_share: crossoverShare,
    sample_ratio: { ln_bayes_factor: lnBayesFactor, alarm, p_value: pValue },
  };
}
