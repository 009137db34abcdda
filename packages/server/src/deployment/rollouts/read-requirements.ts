import { agentPolicy, type RolloutRequirement, type VersionOrigin } from "@agent-learning/contract";
import { requireVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import { gateRequirements } from "../../evaluation/gates/index.ts";
import { unmetRequirements } from "./requirements.ts";
import { selectExperimentVerdict, selectLastRollback } from "./store.ts";

/** The reviews, and the reports of the gate, that a rollout waits for, as things stand now. */
export async function readRequirements(
  ctx: TenantContext,
  rollout: {
    agent_id: string;
    environment: string;
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
  const reviews = unmetRequirements({
    candidate: {
      origin: candidate.origin as VersionOrigin,
      config: candidate.config,
      // Measured against the parent: of another baseline it says nothing.
      affectedQueryShare: candidate.parent_version_id === baseline.id ? candidate.affected_query_share : null,
      reviewStatus: candidate.review_status,
      reviewedAt: candidate.reviewed_at,
    },
    baseline: baseline.config,
    maxUnreviewedChange: policy.review.max_unreviewed_change,
    experiment: experiment ?? null,
    requiredSignificance: policy.experiment.significance,
    rolledBackAt: await selectLastRollback(ctx, rollout),
  });
  const gate = await gateRequirements(ctx, {
    agentId: rollout.agent_id,
    versionId: rollout.candidate_version_id,
    policy,
  });
  return [...reviews, ...gate];
}
