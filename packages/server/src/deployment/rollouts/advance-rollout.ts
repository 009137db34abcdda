import { agentPolicy, type RolloutExplanation, type RolloutStage } from "@agent-learning/contract";
import type { Context, TenantContext } from "../../context.ts";
import { json, learningNow } from "../../database/index.ts";
import {
  armProblems,
  assessGuardrails,
  type Assessment,
  createGuardrailTests,
  type GuardrailState,
  lookAtSatisfaction,
} from "../guardrails/index.ts";
import { completeRollout } from "./complete-rollout.ts";
import { decideRollout, isProofDue, type RolloutDecision, type RolloutLook } from "./decide-rollout.ts";
import { selectFailingExecutions } from "./failing-executions.ts";
import { gatherEvidence } from "./gather-evidence.ts";
import { lockRollout, NOW, type RolloutChange, type RolloutRow, storeLook } from "./store.ts";
import { transition } from "./transition.ts";

interface Judged {
  decision: RolloutDecision;
  explanation: RolloutExplanation;
  state: GuardrailState;
  elapsedHours: number;
}

function present(assessment: Assessment): RolloutExplanation["guardrails"][number] {
  const { enough: _enough, fresh: _fresh, silent: _silent, withinLimit: _within, ...shown } = assessment;
  return shown;
}

/** Takes in the new data and says what is to be done. */
async function judge(ctx: TenantContext, row: RolloutRow): Promise<Judged> {
  const policy = agentPolicy.parse(row.policy);
  const stages = row.stages as unknown as RolloutStage[];
  const tests = createGuardrailTests(policy.guardrails, row.significance_level);
  const now = await learningNow(ctx.tx);
  const gathered = await gatherEvidence(ctx, row.id, tests, row.guardrails as unknown as GuardrailState);
  let { state } = gathered;
  const elapsedHours = (now.getTime() - (row.stage_started_at ?? now).getTime()) / 3_600_000;
  const stageHours = stages[row.stage]?.hours ?? 0;
  const lookAt = (): RolloutLook => ({
    guardrails: assessGuardrails({ tests, state, policy, stage: row.stage, stageHours, now }),
    armProblems: armProblems(state.sums, stages),
    elapsedHours,
    stageHours,
    share: row.share,
    nextShare: stages[row.stage + 1]?.share ?? 1,
    minimumUnits: policy.rollout.min_units,
    backlog: !gathered.complete,
  });
  let look = lookAt();
  if (policy.guardrails.required.includes("satisfaction") && isProofDue(look)) {
    state = lookAtSatisfaction(state, {
      stage: row.stage,
      minimumUnits: policy.rollout.min_units,
      drop: policy.guardrails.max_satisfaction_drop,
      alpha: policy.rollout.significance_level,
    });
    look = lookAt();
  }
  const decision = decideRollout(look);
  const explanation: RolloutExplanation = {
    verdict: decision.verdict,
    reason: decision.reason,
    guardrails: look.guardrails.map(present),
  };
  return { decision, explanation, state, elapsedHours };
}

/**
 * One look at a running rollout, and the one transition that it calls for, in one transaction: the next stage, completion, or
 * rollback. Of any number of workers at it, one does it; the others find the row taken, or moved.
 * @returns the rollout after it; undefined when it is not running or somebody else is at it
 */
export async function advanceRollout({
  ctx,
  input,
}: {
  ctx: Context;
  input: { rolloutId: string };
}): Promise<RolloutRow | undefined> {
  return ctx.transact(async (tenant) => {
    const row = await lockRollout(tenant, input.rolloutId, { skipLocked: true });
    if (row?.status !== "running") return undefined;
    const { decision, explanation, state, elapsedHours } = await judge(tenant, row);
    const look: RolloutChange = {
      guardrails: json(state),
      verdict: json(explanation),
      evaluated_at: NOW,
    };
    const evidence = {
      verdict: explanation.verdict,
      guardrails: explanation.guardrails,
      elapsed_hours: elapsedHours,
    };
    if (decision.verdict === "ROLLBACK") {
      const limit = state.latency.limit;
      const trigger = decision.trigger ?? "error_rate";
      const executionIds = await selectFailingExecutions(tenant, row.id, trigger, limit);
      return transition(tenant, row, {
        event: "rolled_back",
        change: { ...look, status: "rolled_back", share: 0, rollback_reason: decision.reason, ended_at: NOW },
        reason: decision.reason,
        evidence: { ...evidence, trigger, execution_ids: executionIds },
      });
    }
    if (decision.verdict !== "ADVANCE") {
      await storeLook(tenant, row.id, look);
      return row;
    }
    const stages = row.stages as unknown as RolloutStage[];
    const next = stages[row.stage + 1];
    if (next === undefined || next.share >= 1) {
      return completeRollout(tenant, row, decision.reason, evidence, look);
    }
    return transition(tenant, row, {
      event: "advanced",
      change: { ...look, stage: row.stage + 1, share: next.share, stage_started_at: NOW },
      reason: decision.reason,
      evidence,
    });
  });
}
