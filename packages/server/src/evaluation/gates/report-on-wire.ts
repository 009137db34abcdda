import type { RegressionReport, SafetyReport } from "@agent-learning/contract";
import type {
  RegressionReport as JudgedRegression,
  SafetyReport as AssessedSafety,
} from "@agent-learning/learning";

/** A regression report as it is stored and shown. */
export function regressionOnWire({ cases, slices, paired }: JudgedRegression): RegressionReport {
  return {
    cases: cases.map((one) => ({
      case_id: one.id,
      status: one.status,
      slices: [...one.slices],
      is_pinned: one.isPinned,
      evaluator: one.measure,
      candidate_share: one.candidateShare,
      baseline_share: one.baselineShare,
      candidate_attempts: one.candidateAttempts,
      baseline_attempts: one.baselineAttempts,
      flakiness: one.flakiness,
      expected_output: one.expected,
      output: one.output,
      reason: one.reason,
    })),
    slices: slices.map((one) => ({
      slice: one.slice,
      cases: one.cases,
      pass_rate: one.passRate,
      baseline_pass_rate: one.baselinePassRate,
      floor: one.floor,
      held: one.held,
    })),
    paired:
      paired === null
        ? null
        : {
            cases: paired.cases,
            test: paired.test,
            wins: paired.wins,
            losses: paired.losses,
            difference: paired.difference,
            interval: [...paired.interval],
            p_value: paired.pValue,
            is_worse: paired.isWorse,
          },
  };
}

/** A safety report as it is stored and shown. */
export function safetyOnWire({ checks }: AssessedSafety): SafetyReport {
  return {
    checks: checks.map((check) => ({
      name: check.name,
      verdict: check.verdict,
      measured_by: check.measuredBy,
      cases: check.cases,
      candidate_rate: check.candidateRate,
      baseline_rate: check.baselineRate,
      limit: check.limit,
      findings: check.findings.map(({ inBaseline, ...shown }) => ({ ...shown, in_baseline: inBaseline })),
      sentence: check.sentence,
      ...(check.calibration === undefined
        ? {}
        : {
            calibration: {
              sensitivity: rateOf(check.calibration.sensitivity),
              specificity: rateOf(check.calibration.specificity),
              labelled: check.calibration.sensitivity.trials + check.calibration.specificity.trials,
              usable: check.calibration.usable,
            },
          }),
    })),
  };
}

function rateOf({ successes, trials }: { successes: number; trials: number }): number {
  return trials === 0 ? 0 : successes / trials;
}
