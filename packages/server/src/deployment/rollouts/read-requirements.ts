import { agentPolicy, type RolloutRequirement, type VersionOrigin } from "@agent-learning/contract";
import { requireVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import { unmetRequirements } from "./requirements.ts";
import { selectExperimentVerdict } from "./store.ts";

/** The reviews that a rollout waits for, as things stand now. */
export async function readRequirements(
  ctx: TenantContext,
  rollout: {
    agent_id: string;
    candidate_version_id: string;
    baseline_version_id: string;
    experiment_id: string | null;
    policy: unknown;
  },
): Promise<RolloutRequirement[]> {
  const policy = agentPolicy.parse(rollout.policy);
  const candidate = await requireVersion(
    ctx,
    rollout.agent_id,
    rollout.candidate_version_id,
    "body.candidate_version_id",
  );
  const baseline = await requireVersion(
    ctx,
    rollout.agent_id,
    rollout.baseline_version_id,
    "body.candidate_version_id",
  );
  const experiment =
    rollout.experiment_id === null ? null : await selectExperimentVerdict(ctx, rollout.experiment_id);
  return unmetRequirements({
    candidate: {
      origin: candidate.origin as VersionOrigin,
      config: candidate.config,
      affectedQueryShare: candidate.affected_query_share,
      reviewStatus: candidate.review_status,
    },
    baseline: baseline.config,
    maxUnreviewedChange: policy.review.max_unreviewed_change,
    experiment: experiment ?? null,
    requiredSignificance: policy.experiment.significance,
  });
}
