import type { AgentPolicy, Guardrail, RolloutGuardrail } from "@agent-learning/contract";
import { assessErrorRate } from "./assess-error-rate.ts";
import { assessLatency } from "./assess-latency.ts";
import { assessSatisfaction } from "./assess-satisfaction.ts";
import type { Assessment } from "./assessment.ts";
import type { GuardrailState, GuardrailTests } from "./guardrail-state.ts";
import { isCandidateSilent, isFresh } from "./silence.ts";

export interface GuardrailQuestion {
  tests: GuardrailTests;
  state: GuardrailState;
  policy: AgentPolicy;
  stage: number;
  /** Hours that the stage lasts at least. */
  stageHours: number;
  now: Date;
}

/** Data counts as fresh for a quarter of the stage, and at least for the grace period: votes are rarer than requests. */
const FRESH_PART = 1 / 4;

/** Every required guardrail at this look. */
export function assessGuardrails(question: GuardrailQuestion): Assessment[] {
  const { tests, state, policy, stage, now } = question;
  const { guardrails, rollout } = policy;
  const common = { tests, state, stage, alpha: rollout.significance_level, minimumUnits: rollout.min_units };
  const assess: Record<Guardrail, () => RolloutGuardrail & { withinLimit: boolean }> = {
    error_rate: () => assessErrorRate({ ...common, limit: guardrails.max_error_rate }),
    satisfaction: () => assessSatisfaction({ ...common, drop: guardrails.max_satisfaction_drop }),
    latency: () => assessLatency(common),
  };
  const window = Math.max(rollout.silence_grace_minutes, question.stageHours * 60 * FRESH_PART);
  return guardrails.required.map((name) => {
    const assessed = assess[name]();
    return {
      ...assessed,
      enough: assessed.candidate_units >= rollout.min_units,
      fresh: isFresh(state.silence[name], now, window),
      silent: isCandidateSilent(state.silence[name], now, rollout.silence_grace_minutes),
    };
  });
}
