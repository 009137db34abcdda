import type { RolloutGuardrail } from "@agent-learning/contract";
import { sumsOverStages } from "../../evaluation/exposures/index.ts";
import { isBelowLimit } from "./assess-error-rate.ts";
import { isRiseBroken, isTooOftenAbove } from "./broken-guardrail.ts";
import { finite, percent } from "./format.ts";
import type { GuardrailState, GuardrailTests, RiseState, RiseTests } from "./guardrail-state.ts";
import type { WatchedGuardrail } from "./watched-guardrails.ts";

/** One in twenty units may be above the control's 95th percentile times the factor. */
const SLOW_SHARE = 0.05;

export interface RiseQuestion {
  tests: GuardrailTests;
  state: GuardrailState;
  guardrail: WatchedGuardrail;
  alpha: number;
  minimumUnits: number;
}

function measured({ metric }: WatchedGuardrail, value: number): string {
  if (metric === "latency_ms") return `${value.toFixed(0)} ms`;
  if (metric === "cost_usd") return `${Number(value.toPrecision(3))} USD`;
  return `${Number(value.toPrecision(4))} of ${metric}`;
}

/**
 * Slow (or costly) units of the candidate. It breaks when the candidate is too slow in proportion to the control, or when too many
 * of its units are above the limit *and* the control has fewer of them at the same time: a latency that rises for both arms is not
 * the candidate's doing.
 */
export function assessRise(question: RiseQuestion): RolloutGuardrail & { withinLimit: boolean } {
  const { guardrail } = question;
  const tests = question.tests.rises[guardrail.name] as RiseTests;
  const state = question.state.rises[guardrail.name] as RiseState;
  const { slow, limit } = state.seen;
  const { control } = state;
  const tooMany = isTooOftenAbove(state);
  const breached = isRiseBroken(state);
  const { canaryErrors, controlErrors } = state.ratio;
  const within =
    limit !== null &&
    slow.units >= question.minimumUnits &&
    isBelowLimit({ units: slow.units, errors: slow.sum }, { limit: SLOW_SHARE, alpha: question.alpha });
  const isLatency = guardrail.metric === "latency_ms";
  const took = isLatency ? "took longer than" : "were above";
  // Those that came before there was a limit are not counted.
  const beside = control.units === 0 ? "" : `, ${control.slow} of ${control.units} control units did`;
  const counted =
    limit === null
      ? isLatency
        ? "There are too few control units to know how fast the candidate must be"
        : `There are too few control units to know what ${guardrail.metric} the candidate may have`
      : `${slow.sum} of ${slow.units} candidate units ${took} ${measured(guardrail, limit)}${beside}`;
  return {
    name: guardrail.name,
    status: breached ? "breached" : within ? "passed" : "undecided",
    candidate_units: sumsOverStages(question.state.sums, "candidate", guardrail.metric).n,
    control_units: sumsOverStages(question.state.sums, "control", guardrail.metric).n,
    candidate: slow.units === 0 ? null : slow.sum / slow.units,
    control: control.units === 0 ? null : control.slow / control.units,
    limit: limit === null ? null : SLOW_SHARE,
    ln_evidence: finite(
      Math.max(
        tests.ratio.lnEvidence(state.ratio),
        Math.min(tests.seen.lnEvidence(state.seen), tests.slowComparison.lnEvidence(state.slowComparison)),
      ),
    ),
    ln_threshold: question.tests.lnThreshold[guardrail.name] ?? 0,
    sentence:
      breached && !tooMany
        ? `${canaryErrors} candidate units ${took} ${tests.factor} times the control's 95th percentile${isLatency ? "" : ` of ${guardrail.metric}`}, ${controlErrors} control units ${isLatency ? "longer than" : "above"} the percentile itself: the candidate is too ${isLatency ? "slow" : "high"}.`
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
