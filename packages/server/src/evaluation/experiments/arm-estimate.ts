import type { ArmEstimate } from "@agent-learning/contract";
import { type ArmSummary, type PairedUnitSums, ratioSummary } from "@agent-learning/statistics";

/** One metric of one arm as the tests see it: outcomes over units by the delta method; undefined below two units. */
export function summarise(sums: PairedUnitSums): ArmSummary | undefined {
  return ratioSummary(sums);
}

/** One metric of one arm as people see it. */
export function estimateArm(sums: PairedUnitSums): ArmEstimate {
  const summary = summarise(sums);
  return {
    units: sums.n,
    outcomes: sums.otherSum,
    mean: sums.otherSum > 0 ? sums.sum / sums.otherSum : null,
    standard_error: summary === undefined ? null : Math.sqrt(summary.variance / summary.n),
  };
}
