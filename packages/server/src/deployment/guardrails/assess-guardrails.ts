import type { AgentPolicy, RolloutGuardrail } from "@agent-learning/contract";
import { assessDrop } from "./assess-drop.ts";
import { assessErrorRate } from "./assess-error-rate.ts";
import { assessRise } from "./assess-rise.ts";
import type { Assessment } from "./assessment.ts";
import type { GuardrailState, GuardrailTests } from "./guardrail-state.ts";
import { isCandidateSilent, isFresh, type Silence, startSilence } from "./silence.ts";
import type { WatchedGuardrail } from "./watched-guardrails.ts";

export interface GuardrailQuestion {
  tests: GuardrailTests;
  state: GuardrailState;
  policy: AgentPolicy;
  stage: number;
  /** Hours that the stage lasts at least. */
  stageHours: number;
  now: Date;
  /** What is wrong with the source of a metric, by metric; none: all sources are well. */
  outages?: ReadonlyMap<string, string>;
}

/** Data counts as fresh for a quarter of the stage, and at least for the grace period: votes are rarer than requests. */
const FRESH_PART = 1 / 4;

/** Every guardrail of the rollout at this look. */
export function assessGuardrails(question: GuardrailQuestion): Assessment[] {
  const { tests, state, policy, stage, now, outages } = question;
  const { rollout } = policy;
  const common = { tests, state, stage, alpha: rollout.significance_level, minimumUnits: rollout.min_units };
  const assess = (guardrail: WatchedGuardrail): RolloutGuardrail & { withinLimit: boolean } => {
    if (guardrail.kind === "rate") return assessErrorRate({ ...common, limit: guardrail.limit });
    return guardrail.kind === "drop"
      ? assessDrop({ ...common, guardrail })
      : assessRise({ ...common, guardrail });
  };
  const window = Math.max(rollout.silence_grace_minutes, question.stageHours * 60 * FRESH_PART);
  return tests.watched.map((guardrail) => {
    const assessed = assess(guardrail);
    const silence: Silence = state.silence[guardrail.name] ?? startSilence();
    const outage = outages?.get(guardrail.metric) ?? null;
    return {
      ...assessed,
      enough: assessed.candidate_units >= rollout.min_units,
      fresh: isFresh(silence, now, window),
      silent: outage === null && isCandidateSilent(silence, rollout.silence_grace_minutes),
      outage,
    };
  });
}
