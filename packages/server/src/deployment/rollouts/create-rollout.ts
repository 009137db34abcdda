import { agentPolicy, type CreateRollout } from "@agent-learning/contract";
import { attemptAlpha } from "@agent-learning/statistics";
import { findAgent } from "../../administration/agents/find-agent.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { readServingPointer } from "../../administration/serving/index.ts";
import { requireVersion } from "../../administration/versions/index.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import { unprocessable } from "../../http/problem-error.ts";
import { newId } from "../../new-id.ts";
import {
  countEarlierAttempts,
  insertEvent,
  insertRollout,
  type RolloutRow,
  selectExperimentVerdict,
} from "./store.ts";

/**
 * Creates a rollout that waits to be started, with the agent's policy as it is now.
 * @throws ProblemError unprocessable: no version to compare with, the candidate serves already or was rejected, or the
 *   experiment was about another version
 */
export async function createRollout({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: CreateRollout;
}): Promise<RolloutRow> {
  const path = "body.candidate_version_id";
  const agent = await findAgent(ctx, input.agent_id, "body.agent_id");
  const candidate = await requireVersion(ctx, agent.id, input.candidate_version_id, path);
  if (candidate.review_status === "rejected") throw unprocessable(path, "was rejected by a reviewer");
  const pointer = await readServingPointer(ctx, agent.id, input.environment);
  if (pointer === undefined) {
    throw unprocessable(
      "body.environment",
      "serves no version yet: put the first one into service with …/serving",
    );
  }
  if (pointer.version_id === candidate.id) throw unprocessable(path, "is what serves already");
  if (input.experiment_id !== undefined) {
    const experiment = await selectExperimentVerdict(ctx, input.experiment_id);
    if (experiment?.agentId !== agent.id || experiment.treatmentVersionId !== candidate.id) {
      throw unprocessable("body.experiment_id", "is not an experiment whose treatment is this version");
    }
  }
  const policy = agentPolicy.parse(agent.policy);
  const attempt =
    (await countEarlierAttempts(ctx, {
      candidate_version_id: candidate.id,
      environment: input.environment,
    })) + 1;
  const id = newId();
  const row = await insertRollout(ctx, {
    id,
    agent_id: agent.id,
    environment: input.environment,
    baseline_version_id: pointer.version_id,
    candidate_version_id: candidate.id,
    experiment_id: input.experiment_id ?? null,
    training_run_id: candidate.training_run_id,
    stages: json(policy.rollout.stages),
    policy: json(policy),
    attempt,
    significance_level: attemptAlpha(policy.rollout.significance_level, attempt),
    // From what the rollout is, not from a random id: the same course of events divides the same units alike.
    assignment_seed: `rollout/${agent.slug}/${input.environment}/v${candidate.number}/${attempt}`,
    created_by: actorUserId(ctx),
  });
  const reason = `Version ${candidate.number} is to replace what ${input.environment} serves.`;
  await insertEvent(ctx, row, { event: "created", reason, evidence: {} });
  await writeAudit(ctx, {
    action: "rollout.created",
    entityType: "rollout",
    entityId: id,
    data: {
      agent_id: agent.id,
      candidate_version_id: candidate.id,
      baseline_version_id: pointer.version_id,
      experiment_id: input.experiment_id ?? null,
      attempt,
      version: row.version,
    },
  });
  return row;
}
