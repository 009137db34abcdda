import { agentPolicy, type Environment, type RolloutStage } from "@agent-learning/contract";
import { attemptAlpha } from "@agent-learning/statistics";
import { findActiveSplit, lockServing, readServingPointer } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import { conflict } from "../../http/problem-error.ts";
import { createGuardrailTests, startGuardrails } from "../guardrails/index.ts";
import { completeRollout } from "./complete-rollout.ts";
import { readRequirements } from "./read-requirements.ts";
import { reviewMissing } from "./review-missing.ts";
import { countEarlierAttempts, NOW, type RolloutRow } from "./store.ts";
import { takeRollout } from "./take-rollout.ts";
import { transition } from "./transition.ts";

/**
 * Begins the first stage, against what the environment serves at this moment.
 * @throws ProblemError conflict when it is not pending, or another experiment or rollout has the traffic
 * @throws ProblemError unprocessable naming each human review that is missing
 */
export async function startRollout({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { id: string; reason?: string | undefined; expectedVersion?: number | undefined };
}): Promise<RolloutRow> {
  const row = await takeRollout(ctx, input);
  if (row.status !== "pending")
    throw conflict(`This rollout is ${row.status}; only a pending one can be started.`);
  const environment = row.environment as Environment;
  await lockServing(ctx, row.agent_id);
  const active = await findActiveSplit(ctx, row.agent_id, environment);
  if (active !== undefined) {
    throw conflict(
      `The ${active.split.kind} ${active.split.id} has this agent's traffic. End it first: two splits at once would blur each other.`,
    );
  }
  const pointer = await readServingPointer(ctx, row.agent_id, environment);
  if (pointer === undefined || pointer.version_id === row.candidate_version_id) {
    throw conflict("The candidate is what serves already. Abort this rollout.");
  }
  const requirements = await readRequirements(ctx, { ...row, baseline_version_id: pointer.version_id });
  if (requirements.length > 0) {
    throw reviewMissing(requirements);
  }
  const policy = agentPolicy.parse(row.policy);
  const attempt = (await countEarlierAttempts(ctx, row)) + 1;
  const level = attemptAlpha(policy.rollout.significance_level, attempt);
  const first = (row.stages as unknown as RolloutStage[])[0];
  const share = first?.share ?? 1;
  const started = await transition(ctx, row, {
    event: "started",
    change: {
      status: "running",
      stage: 0,
      share,
      attempt,
      significance_level: level,
      baseline_version_id: pointer.version_id,
      guardrails: json(startGuardrails(createGuardrailTests(policy.guardrails, level))),
      started_at: NOW,
      stage_started_at: NOW,
    },
    reason: input.reason ?? `The first stage begins: ${share * 100} % for ${first?.hours ?? 0} h.`,
    evidence: { attempt, significance_level: level, baseline_version_id: pointer.version_id },
  });
  // A policy without a canary: the only stage is everybody.
  return share < 1
    ? started
    : completeRollout(ctx, started, { reason: "The policy has one stage only: everybody.", evidence: {} });
}
