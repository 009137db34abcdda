import type { ContributionSuspicion, DecideSuspicion } from "@agent-learning/contract";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { conflict, notFound, ProblemError } from "../../http/index.ts";
import { REBUILD_JOB } from "../datasets/job-name.ts";
import { retireTasks } from "../examples/index.ts";
import { presentSuspicion } from "./present-suspicion.ts";
import { archiveHolding, lockSuspicion, writeDecision } from "./store.ts";

/**
 * A reviewer's word on what a detector held back: released for learning, or confirmed and never learned from. A frozen dataset that holds
 * what is confirmed is put away, and the version that follows is built without it.
 * @throws ProblemError not-found, forbidden for a machine or somebody who contributed to it, conflict when it is decided
 */
export async function decideSuspicion({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: DecideSuspicion & { suspicionId: string };
}): Promise<ContributionSuspicion> {
  const userId = actorUserId(ctx);
  if (userId === null) throw new ProblemError("forbidden", "A person has to decide: use a user's key.");
  const suspicion = await lockSuspicion(ctx, input.suspicionId);
  if (suspicion === undefined) throw notFound("suspicion", input.suspicionId, "path.suspicionId");
  if (suspicion.status !== "open") throw conflict(`The suspicion is ${suspicion.status} already.`);
  if ((suspicion.contributor_ids as string[]).includes(userId))
    throw new ProblemError("forbidden", "It is about your own contributions. Somebody else has to decide.");
  const decision = { status: input.decision, decidedBy: userId, notes: input.notes ?? null };
  const { row, retired } = await writeDecision(ctx, suspicion, decision);
  await retireTasks(ctx, retired);
  for (const datasetId of await archiveHolding(ctx, retired)) {
    await writeAudit(ctx, {
      action: "dataset.distrusted",
      entityType: "training_dataset",
      entityId: datasetId,
      data: { suspicion_id: row.id },
    });
    await ctx.services.jobs.enqueue(ctx, REBUILD_JOB, { datasetId, reason: "distrust" });
  }
  await writeAudit(ctx, {
    action: `contributions.${input.decision}`,
    entityType: "contribution_suspicion",
    entityId: row.id,
    data: { agent_id: row.agent_id, detector: row.detector },
  });
  return presentSuspicion(row);
}
