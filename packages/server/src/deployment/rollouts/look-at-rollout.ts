import type { AgentPolicy, RolloutStage } from "@agent-learning/contract";
import {
  armProblems,
  assessGuardrails,
  type GuardrailState,
  type GuardrailTests,
  lookAtDrop,
} from "../guardrails/index.ts";
import { decideRollout, isProofDue, type RolloutDecision, type RolloutLook } from "./decide-rollout.ts";

export interface RolloutSituation {
  tests: GuardrailTests;
  state: GuardrailState;
  policy: AgentPolicy;
  stages: readonly RolloutStage[];
  /** Index of the present stage, and the share that it runs at. */
  stage: number;
  share: number;
  now: Date;
  elapsedHours: number;
  /** What is wrong with the source of a metric, by metric. */
  outages?: ReadonlyMap<string, string>;
  backlog: boolean;
}

/**
 * One look at what is known of a rollout: every guardrail, then the verdict. Where only the proof of a drop is missing, a look at it is
 * taken, which spends a part of its level: the state that comes back remembers that.
 */
export function lookAtRollout(situation: RolloutSituation): {
  look: RolloutLook;
  decision: RolloutDecision;
  state: GuardrailState;
} {
  const { tests, policy, stages, stage, share, now, elapsedHours, outages, backlog } = situation;
  let { state } = situation;
  const stageHours = stages[stage]?.hours ?? 0;
  const lookAt = (): RolloutLook => ({
    guardrails: assessGuardrails({
      tests,
      state,
      policy,
      stage,
      stageHours,
      now,
      ...(outages === undefined ? {} : { outages }),
    }),
    armProblems: armProblems(state.sums, stages),
    elapsedHours,
    stageHours,
    share,
    nextShare: stages[stage + 1]?.share ?? 1,
    minimumUnits: policy.rollout.min_units,
    backlog,
  });
  let look = lookAt();
  const drops = tests.watched.filter((guardrail) => guardrail.kind === "drop");
  if (drops.length > 0 && isProofDue(look)) {
    const { min_units: minimumUnits, significance_level: alpha } = policy.rollout;
    for (const guardrail of drops) state = lookAtDrop(state, { guardrail, stage, minimumUnits, alpha });
    look = lookAt();
  }
  return { look, decision: decideRollout(look), state };
}
