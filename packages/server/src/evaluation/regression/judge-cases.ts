import type { CaseEvaluator, RegressionSlice } from "@agent-learning/contract";
import { exact, normalised } from "@agent-learning/learning";

export interface JudgedCase {
  id: string;
  slice: string;
  isPinned: boolean;
  expected: string;
  output: string;
  passed: boolean;
  /** Null: there is no baseline. */
  baselinePassed: boolean | null;
}

const EVALUATORS = { exact, normalised };

/** True when an output is right by the case's own measure. */
export async function passes(
  kind: CaseEvaluator,
  input: string,
  expected: string,
  output: string,
): Promise<boolean> {
  return (await EVALUATORS[kind]({ input, expected, output })).score === 1;
}

export interface RegressionSummary {
  verdict: "passed" | "failed";
  cases: number;
  passed: number;
  slices: RegressionSlice[];
  broken: { case_id: string; expected_output: string; output: string; baseline_passed: boolean | null }[];
}

/**
 * The verdict on judged cases: failed when a pinned case breaks, that is, is answered wrong although the baseline answers it
 * right. A case that production fails as well is still to be learned; it blocks nobody. Cases that are not pinned count in
 * the slices and decide nothing.
 */
export function summariseCases(judged: readonly JudgedCase[]): RegressionSummary {
  const broken = judged.filter((one) => one.isPinned && !one.passed && one.baselinePassed !== false);
  return {
    verdict: broken.length > 0 ? "failed" : "passed",
    cases: judged.length,
    passed: judged.filter((one) => one.passed).length,
    slices: [...Map.groupBy(judged, (one) => one.slice)]
      .map(([slice, group]) => ({
        slice,
        cases: group.length,
        passed: group.filter((one) => one.passed).length,
      }))
      .sort((one, other) => (one.slice < other.slice ? -1 : 1)),
    broken: broken.map((one) => ({
      case_id: one.id,
      expected_output: one.expected,
      output: one.output,
      baseline_passed: one.baselinePassed,
    })),
  };
}
