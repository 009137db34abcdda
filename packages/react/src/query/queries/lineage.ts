import type {
  DatasetInfluence,
  DatasetLineage,
  FeedbackLineage,
  VersionLineage,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import type { LearningClient } from "../../client/learning-client.ts";
import { path } from "../../client/path.ts";
import { type LearningQuery, readQuery } from "./define-query.ts";

/** What a piece of feedback went into: examples, datasets, versions, experiments, rollouts. */
export function feedbackLineageQuery(
  client: LearningClient,
  feedbackId: string,
): LearningQuery<CamelCased<FeedbackLineage>> {
  return readQuery<FeedbackLineage>(client, "feedback", path`/feedback/${feedbackId}/lineage`);
}

/** What a dataset was made of, and what was made of it. */
export function datasetLineageQuery(
  client: LearningClient,
  datasetId: string,
): LearningQuery<CamelCased<DatasetLineage>> {
  return readQuery<DatasetLineage>(client, "datasets", path`/datasets/${datasetId}/lineage`);
}

/** What a version was made of, and what became of it. */
export function versionLineageQuery(
  client: LearningClient,
  agentId: string,
  versionId: string,
): LearningQuery<CamelCased<VersionLineage>> {
  return readQuery<VersionLineage>(
    client,
    "versions",
    path`/agents/${agentId}/versions/${versionId}/lineage`,
  );
}

/** What each of a dataset's largest contributors does to its held-out score. Computed when asked. */
export function datasetInfluenceQuery(
  client: LearningClient,
  datasetId: string,
  params: { contributors?: number | undefined } = {},
): LearningQuery<CamelCased<DatasetInfluence>> {
  return readQuery<DatasetInfluence>(client, "datasets", path`/datasets/${datasetId}/influence`, params);
}
