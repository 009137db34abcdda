import {
  type ArmEstimate,
  type ExperimentHealth,
  type HarmEvidence,
  type MetricComparison,
  UNIT_METRICS,
  type UnitMetric,
} from "@agent-learning/contract";
import type { ConfidenceSequenceEstimate } from "@agent-learning/statistics";
import { type SubjectSums, sumsOf } from "../exposures/index.ts";
import { assessHealth } from "./assess-health.ts";
import { BETTER, compareMetric } from "./compare-metric.ts";
import { decideExperiment, type ExperimentVerdict } from "./decide-experiment.ts";
import { harmEvidence, type HarmState } from "./harm-watch.ts";

/** Below this the confidence sequence is not valid, whatever a policy says. */
const LEAST_UNITS = 1000;

export interface AnalysisInput {
  sums: SubjectSums;
  harm: HarmState;
  primary: UnitMetric;
  /** Intended shares of the two arms, in any unit. */
  control: number;
  treatment: number;
  minimumUnits: number;
  minimumHours: number;
  runningHours: number;
  alpha: number;
  requiredSignificance: number;
  /** The experiment has ended. */
  final: boolean;
}

export interface Analysis {
  health: ExperimentHealth;
  units: { control: number; treatment: number };
  comparisons: MetricComparison[];
  control: Record<string, ArmEstimate>;
  treatment: Record<string, ArmEstimate>;
  harm: HarmEvidence[];
  verdict: ExperimentVerdict;
}

/** Everything that an experiment's sums say: health first, then each metric, then the verdict. */
export function analyseExperiment(input: AnalysisInput): Analysis {
  const exposed = (arm: string): { units: number; crossovers: number } => {
    const { n, sum } = sumsOf(input.sums, 0, arm, "exposure");
    return { units: n, crossovers: sum };
  };
  const health = assessHealth({
    control: exposed("control"),
    treatment: exposed("treatment"),
    weights: { control: input.control, treatment: input.treatment },
    final: input.final,
  });
  const minimumUnits = Math.max(LEAST_UNITS, input.minimumUnits);
  const sequences = new Map<UnitMetric, ConfidenceSequenceEstimate | undefined>();
  const comparisons = UNIT_METRICS.map((metric) => {
    const { comparison, sequence } = compareMetric({
      metric,
      primary: metric === input.primary,
      control: sumsOf(input.sums, 0, "control", metric),
      treatment: sumsOf(input.sums, 0, "treatment", metric),
      alpha: input.alpha,
      minimumPerArm: minimumUnits,
    });
    sequences.set(metric, sequence);
    return comparison;
  });
  const harm = harmEvidence(input.harm, input);
  const units = { control: exposed("control").units, treatment: exposed("treatment").units };
  const verdict = decideExperiment({
    better: BETTER[input.primary],
    metric: input.primary,
    health,
    units,
    measured: {
      control: sumsOf(input.sums, 0, "control", input.primary).n,
      treatment: sumsOf(input.sums, 0, "treatment", input.primary).n,
    },
    minimumUnits,
    runningHours: input.runningHours,
    minimumHours: input.minimumHours,
    sequence: sequences.get(input.primary),
    requiredSignificance: input.requiredSignificance,
    harm,
  });
  const estimates = (arm: "control" | "treatment"): Record<string, ArmEstimate> =>
    Object.fromEntries(comparisons.map((comparison) => [comparison.metric, comparison[arm]]));
  return {
    health,
    units,
    comparisons,
    control: estimates("control"),
    treatment: estimates("treatment"),
    harm,
    verdict,
  };
}
