import type { Split } from "@agent-learning/contract";

export interface ExperimentSplitRow {
  id: string;
  assignment_seed: string;
  control_version_id: string;
  treatment_version_id: string;
  control_percentage: number | null;
  treatment_percentage: number | null;
}

/**
 * Arm i gets [cum_i, cum_i + coverage · w_i) with w_i its share of the units that take part: raising the coverage never moves
 * a unit between arms. What the percentages leave over is a holdout on the default version.
 */
export function experimentSplit(row: ExperimentSplitRow): Split {
  const control = (row.control_percentage ?? 50) / 100;
  const treatment = (row.treatment_percentage ?? 50) / 100;
  const start = control / (control + treatment);
  return {
    kind: "experiment",
    id: row.id,
    seed: row.assignment_seed,
    stage: 0,
    share: treatment,
    arms: [
      { name: "control", version_id: row.control_version_id, start: 0, end: control },
      { name: "treatment", version_id: row.treatment_version_id, start, end: Math.min(1, start + treatment) },
    ],
  };
}

export interface RolloutSplitRow {
  id: string;
  assignment_seed: string;
  baseline_version_id: string;
  candidate_version_id: string;
  stage: number;
  share: number;
}

/** Candidate from the left, a concurrent control of equal size from the right: a rising share moves no unit out of its arm. */
export function rolloutSplit(row: RolloutSplitRow): Split {
  const control = Math.min(row.share, 1 - row.share);
  return {
    kind: "rollout",
    id: row.id,
    seed: row.assignment_seed,
    stage: row.stage,
    share: row.share,
    arms: [
      { name: "candidate", version_id: row.candidate_version_id, start: 0, end: row.share },
      { name: "control", version_id: row.baseline_version_id, start: 1 - control, end: 1 },
    ],
  };
}
