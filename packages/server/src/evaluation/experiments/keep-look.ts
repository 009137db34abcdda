import type { MetricComparison } from "@agent-learning/contract";
import type { KeptComparison } from "./looks-store.ts";

/** Looks are kept at most this often in the beginning, and then once for each hundredth of the running time. */
const LEAST_MINUTES = 5;
const SHARE_OF_RUNNING_TIME = 0.01;

/** Whether a look is far enough from the last kept one that a line through both gains from it: some hundred in all, however long. */
export function isWorthKeeping(input: {
  now: Date;
  keptAt: string | null;
  runningHours: number;
  final: boolean;
}): boolean {
  if (input.final || input.keptAt === null) return true;
  const minutes = (input.now.getTime() - Date.parse(input.keptAt)) / 60_000;
  return minutes >= Math.max(LEAST_MINUTES, input.runningHours * 60 * SHARE_OF_RUNNING_TIME);
}

/** What is kept of a comparison. */
export function toKept(comparison: MetricComparison): KeptComparison {
  const { metric, arm, control, treatment, absolute, relative, adjusted_p_value: pValue } = comparison;
  return {
    metric,
    arm,
    control: { units: control.units, mean: control.mean },
    treatment: { units: treatment.units, mean: treatment.mean },
    absolute,
    relative,
    adjusted_p_value: pValue,
  };
}
