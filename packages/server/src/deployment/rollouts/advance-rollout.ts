import { agentPolicy, type RolloutStage } from "@agent-learning/contract";
import type { Context, TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import { selectVersion } from "../../administration/versions/index.ts";
import { type GuardrailState, watchedGuardrails } from "../guardrails/index.ts";
import { completeRollout } from "./complete-rollout.ts";
import { judgeRollout } from "./judge-rollout.ts";
import { readEvidence } from "./list-evidence.ts";
import { lockRollout, NOW, type RolloutChange, type RolloutRow, storeLook } from "./store.ts";
import { transition } from "./transition.ts";

const SHOWN_EXECUTIONS = 20;

/** The first executions of the candidate that speak against it: what a person looks at. Ids only. */
async function failingExecutions(
  ctx: TenantContext,
  row: RolloutRow,
  state: GuardrailState,
  trigger: string | null,
): Promise<string[]> {
  const watched = watchedGuardrails(agentPolicy.parse(row.policy).guardrails);
  const guardrail = watched.find((one) => one.name === trigger);
  if (guardrail === undefined) return [];
  const rollout = { id: row.id, state };
  const { data } = await readEvidence(ctx, rollout, { guardrail, arm: "candidate", limit: SHOWN_EXECUTIONS });
  const ids = data.flatMap((one) => (one.against && one.execution_id !== null ? [one.execution_id] : []));
  return [...new Set(ids)];
}

/** A person's rejection ends the rollout at the next look, whatever the numbers say. */
async function rejection(ctx: TenantContext, row: RolloutRow): Promise<RolloutRow | undefined> {
  const candidate = await selectVersion(ctx, { id: row.candidate_version_id });
  if (candidate?.review_status !== "rejected") return undefined;
  const reason = "A reviewer rejected this version while it was being rolled out.";
  return transition(ctx, row, {
    event: "rolled_back",
    change: { status: "rolled_back", share: 0, rollback_reason: reason, evaluated_at: NOW, ended_at: NOW },
    reason,
    evidence: { verdict: "ROLLBACK", trigger: "version_rejected", execution_ids: [] },
  });
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
    const rejected = await rejection(tenant, row);
    if (rejected !== undefined) return rejected;
    const { decision, explanation, state, elapsedHours } = await judgeRollout(tenant, row);
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
      const { trigger } = decision;
      const executionIds = await failingExecutions(tenant, row, state, trigger);
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
      return completeRollout(tenant, row, { reason: decision.reason, evidence, look });
    }
    return transition(tenant, row, {
      event: "advanced",
      change: { ...look, stage: row.stage + 1, share: next.share, stage_started_at: NOW },
      reason: decision.reason,
      evidence,
    });
  });
}
