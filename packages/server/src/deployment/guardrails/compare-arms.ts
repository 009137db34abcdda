import { LN_SAMPLE_RATIO_ALARM, lnSampleRatioBayesFactor } from "@agent-learning/statistics";
import { type SubjectSums, sumsOf } from "../../evaluation/exposures/index.ts";

const MAXIMUM_CROSSOVERS = 0.01;
/** Below this many units a single user in both arms would be 1 %. */
const LEAST_UNITS = 200;

/**
 * Why candidate and control cannot be compared: units lost in one of them, or seen in both. Stages beyond half of the traffic
 * have arms of unequal size and are left out of the ratio.
 */
export function armProblems(sums: SubjectSums, stages: readonly { share: number }[]): string[] {
  const equal = stages.flatMap(({ share }, stage) => (share <= 0.5 ? [stage] : []));
  const exposed = (arm: string, of: readonly number[]): { units: number; crossovers: number } =>
    of
      .map((stage) => sumsOf(sums, stage, arm, "exposure"))
      .reduce((total, { n, sum }) => ({ units: total.units + n, crossovers: total.crossovers + sum }), {
        units: 0,
        crossovers: 0,
      });
  const counts = ["candidate", "control"].map((arm) => exposed(arm, equal).units);
  const all = ["candidate", "control"].map((arm) => exposed(arm, [...stages.keys()]));
  const units = all.reduce((total, arm) => total + arm.units, 0);
  const crossovers = all.reduce((total, arm) => total + arm.crossovers, 0);
  const problems: string[] = [];
  if (lnSampleRatioBayesFactor({ counts, weights: [1, 1] }) > LN_SAMPLE_RATIO_ALARM) {
    problems.push(
      `Candidate and control have ${counts.join(" and ")} units although they are of equal size: units are lost or assigned elsewhere.`,
    );
  }
  if (units >= LEAST_UNITS && crossovers / units >= MAXIMUM_CROSSOVERS) {
    problems.push(`${crossovers} of ${units} units were seen in both arms: the unit id is not stable.`);
  }
  return problems;
}
