import type { RolloutGuardrail } from "@agent-learning/contract";
import { errorRateTest } from "@agent-learning/statistics";
import { sumsOverStages } from "../../evaluation/exposures/index.ts";
import { isRateBroken } from "./broken-guardrail.ts";
import { finite, percent } from "./format.ts";
import type { GuardrailState, GuardrailTests } from "./guardrail-state.ts";

export interface ErrorRateQuestion {
  tests: GuardrailTests;
  state: GuardrailState;
  limit: number;
  /** Of "the candidate is below the limit". */
  alpha: number;
  minimumUnits: number;
}

/**
 * Evidence that the share of failing units is *below* the limit: the mirror image of the test that it is above, on the
 * successes. Valid at every look, so that trying again and again to leave a stage does not make a bad version pass.
 */
export function isBelowLimit(
  { units, errors }: { units: number; errors: number },
  { limit, alpha, optimalUnits = 200 }: { limit: number; alpha: number; optimalUnits?: number },
): boolean {
  const successes = errorRateTest({ limit: 1 - limit, alpha, optimalUnits });
  return successes.lnEvidence({ units, errors: units - errors }) >= -Math.log(alpha);
}

/** Failing requests of the candidate: over the limit, or more often than the control's. */
export function assessErrorRate(question: ErrorRateQuestion): RolloutGuardrail & { withinLimit: boolean } {
  const { tests, state, limit } = question;
  const candidate = sumsOverStages(state.sums, "candidate", "error_rate");
  const control = sumsOverStages(state.sums, "control", "error_rate");
  const { units, errors } = state.errorRate;
  const overLimit = tests.errorRate.lnEvidence(state.errorRate);
  const againstControl = tests.errorComparison.lnEvidence(state.errorComparison);
  const broken = isRateBroken(state);
  const isOver = state.errorRate.breachedAt !== null;
  const mean = candidate.otherSum > 0 ? candidate.sum / candidate.otherSum : null;
  // The first outcomes are what the tests see; all requests of all units must be within the limit as well.
  const within =
    units >= question.minimumUnits &&
    (mean ?? 1) < limit &&
    isBelowLimit({ units, errors }, { limit, alpha: question.alpha });
  const counted = `${errors} of ${units} candidate units failed (${percent(units === 0 ? 0 : errors / units)})`;
  return {
    name: "error_rate",
    status: broken ? "breached" : within ? "passed" : "undecided",
    candidate_units: candidate.n,
    control_units: control.n,
    candidate: mean,
    control: control.otherSum > 0 ? control.sum / control.otherSum : null,
    limit,
    ln_evidence: finite(Math.max(overLimit, againstControl)),
    ln_threshold: tests.lnThreshold.error_rate ?? 0,
    sentence: isOver
      ? `${counted}: more than the ${percent(limit)} that are allowed.`
      : broken
        ? `${counted}: ${state.errorComparison.canaryErrors} failures of the candidate against ${state.errorComparison.controlErrors} of the control, which has as many units.`
        : within
          ? `${counted}: below the ${percent(limit)} that are allowed.`
          : `${counted}: not yet shown to be below the ${percent(limit)} that are allowed.`,
    withinLimit: within,
  };
}
