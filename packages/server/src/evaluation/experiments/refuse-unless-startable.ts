import { agentPolicy } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/find-agent.ts";
import {
  experimentArms,
  findActiveSplits,
  lockServing,
  readServingPointer,
} from "../../administration/serving/index.ts";
import { requireVersion } from "../../administration/versions/index.ts";
import type { TenantContext } from "../../context.ts";
import { conflict, unprocessable } from "../../http/problem-error.ts";
import { refuseUnlessGatePassed } from "../gates/index.ts";
import { selectActive } from "./store.ts";
import type { ExperimentRow } from "./stored-experiment.ts";

/**
 * What must hold when an experiment starts or resumes; holds the agent's serving row, so that it still holds at the commit.
 * @throws ProblemError conflict when the control is not what production serves
 * @throws ProblemError unprocessable when another experiment or rollout has the traffic, for a treatment that a reviewer rejected, a fine-tuned one that none has approved, or one that
 *   the gate did not let pass
 */
export async function refuseUnlessStartable(ctx: TenantContext, row: ExperimentRow): Promise<void> {
  await lockServing(ctx, row.agent_id);
  await refuseCollision(ctx, row);
  const pointer = await readServingPointer(ctx, row.agent_id, "production");
  if (pointer?.version_id !== row.control_version_id) {
    throw conflict(
      pointer === undefined
        ? "Production serves no version yet. Put the control into service first."
        : "The control is not the version that production serves. Create an experiment against the one that it does.",
    );
  }
  const agent = await findAgent(ctx, row.agent_id, "body.agent_id");
  const policy = agentPolicy.parse(agent.policy);
  for (const { name, versionId } of experimentArms(row).slice(1)) {
    const treatment = await requireVersion(ctx, row.agent_id, versionId, "body.status");
    const waits = treatment.origin === "fine_tuning" && treatment.review_status !== "approved";
    if (treatment.review_status === "rejected" || waits) {
      const arm = name === "treatment" ? "the treatment" : name;
      throw unprocessable(
        "body.status",
        waits
          ? `cannot be running: ${arm} is fine-tuned and needs a reviewer's approval before it meets users`
          : `cannot be running: a reviewer rejected ${arm}`,
      );
    }
    await refuseUnlessGatePassed(ctx, { agentId: row.agent_id, versionId, policy });
  }
}

/** Two splits at once would blur each other, unless an exclusion group keeps their units apart. */
async function refuseCollision(ctx: TenantContext, row: ExperimentRow): Promise<void> {
  const splits = await findActiveSplits(ctx, row.agent_id, "production");
  const rollout = splits.find(({ split }) => split.kind === "rollout");
  if (rollout !== undefined) {
    throw unprocessable(
      "body.status",
      `cannot be running: the rollout ${rollout.split.id} has this agent's traffic. Complete or abort it first: two splits at once would blur each other.`,
    );
  }
  const others = (await selectActive(ctx, row.agent_id)).filter((other) => other.id !== row.id);
  const collides = others.find(
    (other) => row.exclusion_group === null || other.exclusion_group !== row.exclusion_group,
  );
  if (collides !== undefined) {
    throw unprocessable(
      "body.status",
      `cannot be running: the experiment ${collides.id} (${collides.name}) has this agent's traffic. End it first, or create both in one exclusion_group with percentages that come to 100 together: two splits at once would blur each other.`,
    );
  }
}
