import type { FineTuningEstimate, TrainingArtifacts } from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import type { LearningClient } from "../../client/learning-client.ts";
import { path } from "../../client/path.ts";
import { type LearningQuery, readQuery } from "./define-query.ts";

/** What a run of fine-tuning would take, and what is in its way. Reads its dataset through. */
export function trainingRunEstimateQuery(
  client: LearningClient,
  runId: string,
): LearningQuery<CamelCased<FineTuningEstimate>> {
  return readQuery<FineTuningEstimate>(client, "training-runs", path`/training-runs/by-id/${runId}/estimate`);
}

/** Files that a run of fine-tuning made, with their hashes. */
export function trainingArtifactsQuery(
  client: LearningClient,
  runId: string,
): LearningQuery<CamelCased<TrainingArtifacts>> {
  return readQuery<TrainingArtifacts>(client, "training-runs", path`/training-runs/by-id/${runId}/artifacts`);
}
