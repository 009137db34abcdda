import type { ExperimentObserver } from "../../evaluation/experiment-observer.ts";
import { findActiveSplit, readServingPointer } from "../../administration/serving/index.ts";
import { selectVersion } from "../../administration/versions/index.ts";
import { createRollout } from "./create-rollout.ts";
import { readRequirements } from "./read-requirements.ts";
import { startRollout } from "./start-rollout.ts";

/**
 * A treatment that is to be deployed gets its rollout, in the transaction of the decision. It starts at once unless a human
 * review is missing or other traffic is split; then it waits, pending. A rejected version gets none.
 */
export const releaseWinner: ExperimentObserver = {
  async experimentDecided(ctx, experiment) {
    if (experiment.decision !== "deploy_treatment") return;
    const pointer = await readServingPointer(ctx, experiment.agentId, "production");
    if (pointer === undefined || pointer.version_id === experiment.treatmentVersionId) return;
    const treatment = await selectVersion(ctx, { id: experiment.treatmentVersionId });
    if (treatment?.review_status === "rejected") return;
    const rollout = await createRollout({
      ctx,
      input: {
        agent_id: experiment.agentId,
        candidate_version_id: experiment.treatmentVersionId,
        experiment_id: experiment.id,
        environment: "production",
      },
    });
    const requirements = await readRequirements(ctx, rollout);
    const active = await findActiveSplit(ctx, experiment.agentId, "production");
    if (requirements.length > 0 || active !== undefined) return;
    await startRollout({
      ctx,
      input: { id: rollout.id, reason: `The treatment won experiment ${experiment.id}.` },
    });
  },
};
