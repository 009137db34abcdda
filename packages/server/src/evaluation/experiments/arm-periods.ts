import { addMoments, NO_MOMENTS, type StoredMoments, type SubjectSums, sumsOf } from "../exposures/index.ts";
import type { ArmPeriod } from "./measure-arm.ts";

/** One metric of one arm in one period. */
export function armPeriod(sums: SubjectSums, stage: number, arm: string, metric: string): ArmPeriod {
  return {
    moments: sumsOf(sums, stage, arm, metric),
    exposed: sumsOf(sums, stage, arm, "exposure").n,
  };
}

/** All periods as if they were one. */
export function addUp(periods: readonly ArmPeriod[]): ArmPeriod {
  return {
    moments: periods.map((period) => period.moments).reduce<StoredMoments>(addMoments, NO_MOMENTS),
    exposed: periods.reduce((sum, period) => sum + period.exposed, 0),
  };
}
