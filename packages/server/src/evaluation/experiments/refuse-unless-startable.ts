import { findActiveSplit, lockServing, readServingPointer } from "../../administration/serving/index.ts";
import { requireVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import { conflict, unprocessable } from "../../http/problem-error.ts";
import type { ExperimentRow } from "./stored-experiment.ts";

/**
 * What must hold when an experiment starts or resumes; holds the agent's serving row, so that it still holds at the commit.
 * @throws ProblemError conflict when another experiment or rollout has the traffic, or the control is not what production serves
 * @throws ProblemError unprocessable for a treatment that a reviewer rejected, or a fine-tuned one that none has approved
 */
export async function refuseUnlessStartable(ctx: TenantContext, row: ExperimentRow): Promise<void> {
  await lockServing(ctx, row.agent_id);
  const active = await findActiveSplit(ctx, row.agent_id, "production");
  if (active !== undefined && active.split.id !== row.id) {
    throw conflict(
      `The ${active.split.kind} ${active.split.id} has this agent's traffic. End it first: two splits at once would blur each other.`,
    );
  }
  const pointer = await readServingPointer(ctx, row.agent_id, "production");
  if (pointer?.version_id !== row.control_version_id) {
    throw conflict(
      pointer === undefined
        ? "Production serves no version yet. Put the control into service first."
        : "The control is not the version that production serves. Create an experiment against the one that it does.",
    );
  }
  const path = "body.treatment_config.version_id";
  const treatment = await requireVersion(ctx, row.agent_id, row.treatment_version_id, path);
  const waits = treatment.origin === "fine_tuning" && treatment.review_status !== "approved";
  if (treatment.review_status === "rejected" || waits) {
    throw unprocessable(
      "body.status",
      waits
        ? "cannot be running: a fine-tuned version needs a reviewer's approval before it meets users"
        : "cannot be running: a reviewer rejected the treatment",
    );
  }
}
