import type { RolloutGuardrail } from "@agent-learning/contract";
import { sumsOverStages } from "../../evaluation/exposures/index.ts";
import { isBelowLimit } from "./assess-error-rate.ts";
import { finite, percent } from "./format.ts";
import type { GuardrailState, GuardrailTests } from "./guardrail-state.ts";

/** One in twenty units may be above the control's 95th percentile times the factor. */
const SLOW_SHARE = 0.05;

export interface LatencyQuestion {
  tests: GuardrailTests;
  state: GuardrailState;
  alpha: number;
  minimumUnits: number;
}

/**
 * Slow units of the candidate. It breaks when the candidate is too slow in proportion to the control, or when too many of its
 * units are above the limit *and* the control has fewer of them at the same time: a latency that rises for both arms is not the
 * candidate's doing.
 */
export function assessLatency(question: LatencyQuestion): RolloutGuardrail & { withinLimit: boolean } {
  const { tests, state } = question;
  const { slow, limit } = state.latency;
  const { controlLatency } = state;
  const tooMany = slow.breachedAt !== null && state.slowComparison.breachedAt !== null;
  const breached = tooMany || state.latencyRatio.breachedAt !== null;
  const { canaryErrors, controlErrors } = state.latencyRatio;
  const within =
    limit !== null &&
    slow.units >= question.minimumUnits &&
    isBelowLimit({ units: slow.units, errors: slow.sum }, { limit: SLOW_SHARE, alpha: question.alpha });
  const counted =
    limit === null
      ? "There are too few control units to know how fast the candidate must be"
      : `${slow.sum} of ${slow.units} candidate units took longer than ${limit.toFixed(0)} ms, ${controlLatency.slow} of ${controlLatency.units} control units did`;
  return {
    name: "latency",
    status: breached ? "breached" : within ? "passed" : "undecided",
    candidate_units: sumsOverStages(state.sums, "candidate", "latency_ms").n,
    control_units: sumsOverStages(state.sums, "control", "latency_ms").n,
    candidate: slow.units === 0 ? null : slow.sum / slow.units,
    control: controlLatency.units === 0 ? null : controlLatency.slow / controlLatency.units,
    limit: limit === null ? null : SLOW_SHARE,
    ln_evidence: finite(
      Math.min(
        tests.latency.lnEvidence(state.latency),
        tests.slowComparison.lnEvidence(state.slowComparison),
      ),
    ),
    ln_threshold: tests.lnThreshold.latency,
    sentence:
      breached && !tooMany
        ? `${canaryErrors} candidate units took longer than ${tests.latencyFactor} times the control's 95th percentile, ${controlErrors} control units longer than the percentile itself: the candidate is too slow.`
        : breached
          ? `${counted}: more than the ${percent(SLOW_SHARE)} that are allowed.`
          : within
            ? `${counted}: below the ${percent(SLOW_SHARE)} that are allowed.`
            : limit === null
              ? `${counted}.`
              : `${counted}: not yet shown to be below the ${percent(SLOW_SHARE)} that are allowed.`,
    withinLimit: within,
  };
}
