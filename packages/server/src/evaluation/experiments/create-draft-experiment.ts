import { selectVersion } from "../../administration/versions/index.ts";
import type { CandidateObserver } from "../../learning/candidate-observer.ts";
import { createExperiment } from "./create-experiment.ts";
import { selectOpenExperiment } from "./store.ts";

/**
 * A candidate that passed its gate gets its A/B experiment as a draft, against the version that it was made from. One for each
 * pair: a run that is repeated makes no second one.
 */
export const draftExperimentObserver: CandidateObserver = {
  async candidateReady(ctx, candidate) {
    const { agentId, baselineVersionId, candidateVersionId } = candidate;
    if (baselineVersionId === candidateVersionId) return;
    if ((await selectOpenExperiment(ctx, baselineVersionId, candidateVersionId)) !== undefined) return;
    const control = await selectVersion(ctx, { id: baselineVersionId });
    const treatment = await selectVersion(ctx, { id: candidateVersionId });
    await createExperiment({
      ctx,
      input: {
        agent_id: agentId,
        name: `Version ${treatment?.number ?? "?"} against version ${control?.number ?? "?"}`,
        description: candidate.reasons.join(" "),
        hypothesis: `Users are more satisfied with version ${treatment?.number ?? "?"}.`,
        control_config: { version_id: baselineVersionId },
        treatment_config: { version_id: candidateVersionId },
        primary_metric: "satisfaction",
        trainingRunId: candidate.trainingRunId,
      },
    });
  },
};
