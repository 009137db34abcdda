import type { ReviewAgentVersion } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/find-agent.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { findVersion, updateReview, type VersionRow } from "../../administration/versions/index.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { ProblemError } from "../../http/problem-error.ts";
import { requireRun, reviewFineTuning } from "../../learning/index.ts";
import { isOwnWork } from "./is-own-work.ts";

/**
 * A person's verdict on a version. A later review replaces an earlier one; the audit log keeps both.
 * @throws ProblemError forbidden when the reviewer made the version, or started the run that made it
 */
export async function reviewVersion({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agent: string; versionId: string; review: ReviewAgentVersion };
}): Promise<VersionRow> {
  const agent = await findAgent(ctx, input.agent, "path.agentId");
  const version = await findVersion(ctx, agent.id, input.versionId, "path.versionId");
  const reviewer = actorUserId(ctx);
  if (reviewer === null || (await isOwnWork(ctx, { versionId: version.id, userId: reviewer }))) {
    throw new ProblemError(
      "forbidden",
      "Nobody reviews a version that they, or a run of theirs, made. Ask another reviewer.",
    );
  }
  const run = version.training_run_id === null ? undefined : await requireRun(ctx, version.training_run_id);
  if (run !== undefined && run.phase !== null) {
    // One review for what a run made: the run moves on with it.
    const { decision, notes } = input.review;
    const review = { decision: decision === "approve" ? "approved" : "rejected", notes } as const;
    await reviewFineTuning(ctx, { runId: run.id, review });
    return findVersion(ctx, agent.id, version.id, "path.versionId");
  }
  const status = input.review.decision === "approve" ? "approved" : "rejected";
  const reviewed = await updateReview(ctx, version.id, {
    status,
    reviewedBy: reviewer,
    notes: input.review.notes ?? null,
  });
  await writeAudit(ctx, {
    action: `agent_version.${status}`,
    entityType: "agent_version",
    entityId: version.id,
    data: { agent_id: agent.id, number: version.number, before: version.review_status },
  });
  return reviewed;
}
