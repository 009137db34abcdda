import type { PromoteRollout, RolloutStage } from "@agent-learning/contract";
import { isOwnWork } from "../versions/index.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import { conflict, ProblemError, unprocessable } from "../../http/problem-error.ts";
import { completeRollout } from "./complete-rollout.ts";
import { judgeRollout } from "./judge-rollout.ts";
import { readRequirements } from "./read-requirements.ts";
import { reviewMissing } from "./review-missing.ts";
import { NOW, type RolloutRow } from "./store.ts";
import { takeRollout } from "./take-rollout.ts";
import { transition } from "./transition.ts";

async function refuseOwn(ctx: TenantContext, row: RolloutRow): Promise<void> {
  const person = actorUserId(ctx);
  const own =
    person === null ||
    row.created_by === person ||
    (await isOwnWork(ctx, { versionId: row.candidate_version_id, userId: person }));
  if (own) {
    throw new ProblemError(
      "forbidden",
      "Nobody promotes a rollout that they created, or of a version that they, or a run of theirs, made. Ask another reviewer.",
    );
  }
}

/**
 * A person goes ahead to a later stage without waiting for its hours or units, with a reason. What the tests have found is not
 * theirs to overrule: a broken guardrail, arms that cannot be compared and missing reviews refuse it.
 * @throws ProblemError conflict when it is not running or this look finds it broken; precondition-failed when it has moved;
 *   forbidden for own work; unprocessable for a stage that is not ahead, or naming each review that is missing
 */
export async function promoteRollout({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { id: string; expectedVersion: number; promote: PromoteRollout };
}): Promise<RolloutRow> {
  const { reason } = input.promote;
  const row = await takeRollout(ctx, input);
  if (row.status !== "running") {
    const advice = row.status === "paused" ? " Resume it first." : "";
    throw conflict(`This rollout is ${row.status}; only a running one can be promoted.${advice}`);
  }
  await refuseOwn(ctx, row);
  const stages = row.stages as unknown as RolloutStage[];
  const target = input.promote.stage ?? row.stage + 1;
  const next = stages[target];
  if (next === undefined || target <= row.stage) {
    throw unprocessable(
      "body.stage",
      `must be a stage ahead: it is at ${row.stage}, the last one is ${stages.length - 1}`,
    );
  }
  const requirements = await readRequirements(ctx, row);
  if (requirements.length > 0) throw reviewMissing(requirements);
  const { decision, explanation, state, elapsedHours } = await judgeRollout(ctx, row);
  if (decision.verdict === "ROLLBACK" || decision.verdict === "INVALID") {
    throw conflict(`This rollout cannot be promoted: ${decision.reason}`);
  }
  const look = { guardrails: json(state), verdict: json(explanation), evaluated_at: NOW };
  const evidence = { promoted_from: row.stage, elapsed_hours: elapsedHours, ...explanation };
  if (next.share >= 1) return completeRollout(ctx, row, { reason, evidence, look });
  return transition(ctx, row, {
    event: "promoted",
    change: { ...look, stage: target, share: next.share, stage_started_at: NOW },
    reason,
    evidence,
  });
}
