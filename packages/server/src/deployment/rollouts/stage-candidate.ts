import type { CandidateObserver } from "../../learning/candidate-observer.ts";
import { stageVersion } from "../serving/index.ts";

/** Trained artefacts go to staging first. */
export const stageCandidate: CandidateObserver = {
  async candidateReady(ctx, { agentId, candidateVersionId, trainingRunId }) {
    await stageVersion({
      ctx,
      input: { agentId, versionId: candidateVersionId, reason: `training run ${trainingRunId}` },
    });
  },
};
