import type { Interval, MetricComparison, UnitMetric } from "@agent-learning/contract";
import {
  confidenceSequence,
  type ConfidenceSequenceEstimate,
  type Lift,
  liftOf,
  type PairedUnitSums,
} from "@agent-learning/statistics";
import { estimateArm, summarise } from "./arm-estimate.ts";

/** Which way each metric should move. */
export const BETTER: Readonly<Record<UnitMetric, "higher" | "lower">> = {
  error_rate: "lower",
  latency_ms: "lower",
  satisfaction: "higher",
  task_completion: "higher",
};

export interface ComparisonInput {
  metric: UnitMetric;
  primary: boolean;
  control: PairedUnitSums;
  treatment: PairedUnitSums;
  alpha: number;
  minimumPerArm: number;
}

const interval = ({ estimate, lower, upper }: Interval): Interval => ({ estimate, lower, upper });

/**
 * Treatment against control by an always-valid confidence sequence; `sequence` is undefined while nothing can be inferred (an arm
 * below two units, or no variance in either).
 */
export function compareMetric(input: ComparisonInput): {
  comparison: MetricComparison;
  sequence: ConfidenceSequenceEstimate | undefined;
} {
  const control = summarise(input.control);
  const treatment = summarise(input.treatment);
  const options = { alpha: input.alpha, minimumPerArm: input.minimumPerArm };
  const sequenceOf = (lift: Lift | undefined): ConfidenceSequenceEstimate | undefined =>
    lift === undefined ? undefined : confidenceSequence(lift, options);
  const paired = control !== undefined && treatment !== undefined;
  const absolute = sequenceOf(paired ? liftOf(control, treatment, "absolute") : undefined);
  const relative = sequenceOf(
    paired && control.mean !== 0 ? liftOf(control, treatment, "relative") : undefined,
  );
  return {
    sequence: absolute,
    comparison: {
      metric: input.metric,
      better: BETTER[input.metric],
      primary: input.primary,
      control: estimateArm(input.control),
      treatment: estimateArm(input.treatment),
      absolute: absolute === undefined ? null : interval(absolute),
      relative: relative === undefined ? null : interval(relative),
      p_value: absolute?.pValue ?? null,
    },
  };
}
