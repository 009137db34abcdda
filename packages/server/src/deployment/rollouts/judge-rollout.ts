import { agentPolicy, type RolloutExplanation, type RolloutStage } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import {
  type Assessment,
  createGuardrailTests,
  forgetSilence,
  type GuardrailState,
  type GuardrailTests,
} from "../guardrails/index.ts";
import { readOutages } from "../metric-sources/index.ts";
import type { RolloutDecision } from "./decide-rollout.ts";
import { gatherEvidence } from "./gather-evidence.ts";
import { lookAtRollout } from "./look-at-rollout.ts";
import type { RolloutRow } from "./store.ts";

export interface Judged {
  decision: RolloutDecision;
  explanation: RolloutExplanation;
  state: GuardrailState;
  elapsedHours: number;
}

function present(assessment: Assessment): RolloutExplanation["guardrails"][number] {
  const {
    enough: _enough,
    fresh: _fresh,
    silent: _silent,
    outage: _outage,
    withinLimit: _within,
    ...shown
  } = assessment;
  return shown;
}

/** While a source is failing nobody is silent; once it is well again, the grace period begins anew. */
function excuseSilence(
  { watched }: GuardrailTests,
  state: GuardrailState,
  outages: ReadonlyMap<string, string>,
): GuardrailState {
  const excused = watched.flatMap(({ name, metric }) => {
    const silence = state.silence[name];
    return silence === undefined || !outages.has(metric) ? [] : [[name, forgetSilence(silence)] as const];
  });
  return { ...state, silence: { ...state.silence, ...Object.fromEntries(excused) } };
}

/** Takes in the new data of a rollout whose row is held, and says what is to be done. Nothing of the rollout is changed. */
export async function judgeRollout(ctx: TenantContext, row: RolloutRow): Promise<Judged> {
  const policy = agentPolicy.parse(row.policy);
  const stages = row.stages as unknown as RolloutStage[];
  const tests = createGuardrailTests(policy.guardrails, row.significance_level);
  const now = await learningNow(ctx.tx);
  const outages = await readOutages(ctx, row.agent_id, now);
  const gathered = await gatherEvidence(ctx, row.id, {
    tests,
    before: row.guardrails as unknown as GuardrailState,
    graceMinutes: policy.rollout.silence_grace_minutes,
  });
  const elapsedHours = (now.getTime() - (row.stage_started_at ?? now).getTime()) / 3_600_000;
  const { look, decision, state } = lookAtRollout({
    tests,
    state: excuseSilence(tests, gathered.state, outages),
    policy,
    stages,
    stage: row.stage,
    share: row.share,
    now,
    elapsedHours,
    outages,
    backlog: !gathered.complete,
  });
  const explanation: RolloutExplanation = {
    verdict: decision.verdict,
    reason: decision.reason,
    guardrails: look.guardrails.map(present),
  };
  return { decision, explanation, state, elapsedHours };
}
