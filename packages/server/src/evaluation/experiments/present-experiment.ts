import type {
  AdditionalTreatment,
  ArmConfig,
  AssignmentHash,
  Experiment,
  ExperimentDecision,
  ExperimentResults,
  ExperimentStatus,
  ExperimentWinner,
} from "@agent-learning/contract";
import { experimentArms, storedAllocation } from "../../administration/serving/index.ts";
import { metricsOf } from "../metrics/index.ts";
import {
  armMetrics,
  type ExperimentRow,
  runningHours,
  settingsOf,
  storedAnalysis,
  storedHealth,
} from "./stored-experiment.ts";
import { summariseExperiment } from "./summarise-experiment.ts";

/** A row as the wire shows it. */
export function presentExperiment(row: ExperimentRow): Experiment {
  const settings = settingsOf(row);
  const analysis = storedAnalysis(row);
  const { periods, ...allocation } = storedAllocation(row);
  const status = row.status as ExperimentStatus;
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    hypothesis: row.hypothesis,
    agent_id: row.agent_id,
    control_config: row.control_config as unknown as ArmConfig,
    treatment_config: row.treatment_config as unknown as ArmConfig,
    control_percentage: settings.control,
    treatment_percentage: settings.treatment,
    status,
    started_at: row.started_at?.toISOString() ?? null,
    ended_at: row.ended_at?.toISOString() ?? null,
    min_duration_hours: settings.minimumHours,
    min_sample_size: settings.minimumUnits,
    current_control_samples: row.current_control_samples ?? 0,
    current_treatment_samples: row.current_treatment_samples ?? 0,
    control_metrics: armMetrics(row.control_metrics),
    treatment_metrics: armMetrics(row.treatment_metrics),
    statistical_significance: row.statistical_significance,
    winner: row.winner as ExperimentWinner | null,
    decision: row.decision as ExperimentDecision | null,
    decision_notes: row.decision_notes,
    decided_by: row.decided_by,
    decided_at: row.decided_at?.toISOString() ?? null,
    training_run_id: row.training_run_id,
    additional_treatments: row.additional_treatments as unknown as AdditionalTreatment[],
    winning_arm: row.winning_arm,
    samples: Object.fromEntries(experimentArms(row).map(({ name }) => [name, analysis.samples[name] ?? 0])),
    arm_metrics: {
      ...analysis.estimates,
      control: armMetrics(row.control_metrics),
      treatment: armMetrics(row.treatment_metrics),
    },
    metrics: metricsOf(row),
    primary_metric: settings.primary,
    inference: settings.inference,
    minimum_effect: settings.minimumEffect,
    allocation,
    allocation_periods: periods,
    hash: row.hash as AssignmentHash,
    assignment_seed: row.assignment_seed,
    exclusion_group: row.exclusion_group,
    significance_level: row.significance_level,
    health: storedHealth(row),
    missing: analysis.missing,
    summary: summariseExperiment({
      ...analysis,
      status,
      winner: row.winner,
      winningArm: row.winning_arm,
      decision: row.decision,
    }),
    power: analysis.power,
    analysed_at: row.analysed_at?.toISOString() ?? null,
    revision: row.revision,
    created_by: row.created_by,
    created_at: (row.created_at ?? new Date(0)).toISOString(),
  };
}

/** The experiment with every metric compared, as of its last analysis. */
export function presentResults(row: ExperimentRow, now: Date): ExperimentResults {
  const analysis = storedAnalysis(row);
  return {
    experiment: presentExperiment(row),
    running_hours: runningHours(row, analysis.clock, now),
    metrics: analysis.comparisons,
    harm: analysis.harmEvidence,
  };
}
