import {
  agentPolicy,
  agentVersionConfig,
  type AgentVersionConfig,
  type VersionOrigin,
} from "@agent-learning/contract";
import { actorUserId, type TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import { unprocessable } from "../../http/problem-error.ts";
import { newId } from "../../new-id.ts";
import { findAgent } from "../agents/find-agent.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { contentHash } from "./canonical-json.ts";
import { reviewReasons } from "./review-reasons.ts";
import { insertVersion, lockNumbering, nextNumber, selectVersion, type VersionRow } from "./store.ts";

export interface CreateVersionInput {
  agentId: string;
  config: AgentVersionConfig;
  origin: VersionOrigin;
  /** The version that it was made from; null for a first version. */
  parentVersionId: string | null;
  trainingRunId?: string | null | undefined;
  changeSummary?: string | null | undefined;
  /** JSON: what the run that made it found. */
  report?: Record<string, unknown> | undefined;
  /** Share of replayed inputs whose output differs from the parent's, 0 to 1; null or absent: not measured. */
  affectedQueryShare?: number | null | undefined;
}

/**
 * Stores an immutable version, numbered within its agent. A config that the agent has already is that version: it comes back
 * unchanged with `created` false.
 * @throws ProblemError unprocessable when the parent is not a version of this agent
 */
export async function createVersion({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: CreateVersionInput;
}): Promise<{ version: VersionRow; created: boolean }> {
  const agent = await findAgent(ctx, input.agentId, "path.agentId");
  const config = agentVersionConfig.parse(input.config);
  const hash = contentHash(config);
  await lockNumbering(ctx, agent.id);
  const known = await selectVersion(ctx, { agentId: agent.id, contentHash: hash });
  if (known !== undefined) return { version: known, created: false };
  const parent =
    input.parentVersionId === null ? undefined : await selectVersion(ctx, { id: input.parentVersionId });
  if (input.parentVersionId !== null && parent?.agent_id !== agent.id) {
    throw unprocessable("body.parent_version_id", "is not a version of this agent");
  }
  const reasons = reviewReasons({
    origin: input.origin,
    config,
    baseline: parent?.config ?? null,
    affectedQueryShare: input.affectedQueryShare ?? null,
    maxUnreviewedChange: agentPolicy.parse(agent.policy).review.max_unreviewed_change,
  });
  const version = await insertVersion(ctx, {
    id: newId(),
    agent_id: agent.id,
    number: await nextNumber(ctx, agent.id),
    parent_version_id: input.parentVersionId,
    content_hash: hash,
    config: json(config),
    origin: input.origin,
    training_run_id: input.trainingRunId ?? null,
    change_summary: input.changeSummary ?? null,
    report: json(input.report ?? {}),
    affected_query_share: input.affectedQueryShare ?? null,
    review_status: reasons.length > 0 ? "pending" : "not_required",
    created_by: actorUserId(ctx),
  });
  await writeAudit(ctx, {
    action: "agent_version.created",
    entityType: "agent_version",
    entityId: version.id,
    data: {
      agent_id: agent.id,
      number: version.number,
      content_hash: hash,
      origin: input.origin,
      parent_version_id: input.parentVersionId,
      training_run_id: input.trainingRunId ?? null,
      review_reasons: reasons,
    },
  });
  return { version, created: true };
}
