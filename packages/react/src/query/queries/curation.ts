import type {
  Annotation,
  AnnotationQueueItem,
  AnnotationQueueQuery,
  Dataset,
  DatasetDetail,
  DatasetStatus,
  LearningExample,
  LearningExampleDetail,
  LearningExampleQuery,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import type { LearningClient } from "../../client/learning-client.ts";
import { path } from "../../client/path.ts";
import {
  type LearningListQuery,
  type LearningQuery,
  type ListParams,
  listQuery,
  readQuery,
} from "./define-query.ts";

/** Annotations that are wanted, in order: claimable ones unless said. */
export function annotationQueueQuery(
  client: LearningClient,
  params: ListParams<AnnotationQueueQuery> = {},
): LearningListQuery<CamelCased<AnnotationQueueItem>> {
  return listQuery<AnnotationQueueItem>(client, "annotations", "/annotations/queue", params);
}

export interface AnnotationListParams {
  agentId?: string | undefined;
  expertId?: string | undefined;
  queueId?: string | undefined;
  /** Of the last so many days, today (UTC) included. */
  days?: number | undefined;
  isVerified?: boolean | undefined;
  limit?: number | undefined;
}

export function annotationListQuery(
  client: LearningClient,
  params: AnnotationListParams = {},
): LearningListQuery<CamelCased<Annotation>> {
  return listQuery<Annotation>(client, "annotations", "/annotations", params);
}

export function exampleListQuery(
  client: LearningClient,
  params: ListParams<LearningExampleQuery> = {},
): LearningListQuery<CamelCased<LearningExample>> {
  return listQuery<LearningExample>(client, "examples", "/examples", params);
}

/** An example with its lineage. */
export function exampleQuery(
  client: LearningClient,
  exampleId: string,
): LearningQuery<CamelCased<LearningExampleDetail>> {
  return readQuery<LearningExampleDetail>(client, "examples", path`/examples/${exampleId}`);
}

export function datasetListQuery(
  client: LearningClient,
  agentId: string,
  params: { status?: DatasetStatus | undefined; limit?: number | undefined } = {},
): LearningListQuery<CamelCased<Dataset>> {
  return listQuery<Dataset>(client, "datasets", path`/datasets/${agentId}`, params);
}

/** A dataset with its card. */
export function datasetQuery(
  client: LearningClient,
  datasetId: string,
): LearningQuery<CamelCased<DatasetDetail>> {
  return readQuery<DatasetDetail>(client, "datasets", path`/datasets/by-id/${datasetId}`);
}
