import type {
  AnnotationAgreement,
  AnnotationQueue,
  AnnotatorTrustReport,
  GoldAnswer,
  QueueProgress,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import type { LearningClient } from "../../client/learning-client.ts";
import { path } from "../../client/path.ts";
import { type LearningListQuery, type LearningQuery, listQuery, readQuery } from "./define-query.ts";

/** Queues of their own filter, overlap, order and guidelines, newest first. */
export function queueListQuery(
  client: LearningClient,
  params: { agentId?: string | undefined; limit?: number | undefined } = {},
): LearningListQuery<CamelCased<AnnotationQueue>> {
  return listQuery<AnnotationQueue>(client, "annotations", path`/queues`, params);
}

export function queueQuery(
  client: LearningClient,
  queueId: string,
): LearningQuery<CamelCased<AnnotationQueue>> {
  return readQuery<AnnotationQueue>(client, "annotations", path`/queues/${queueId}`);
}

/** What is left in a queue, and what each person did in the last `days` (7 unless said). */
export function queueProgressQuery(
  client: LearningClient,
  queueId: string,
  params: { days?: number | undefined } = {},
): LearningQuery<CamelCased<QueueProgress>> {
  return readQuery<QueueProgress>(client, "annotations", path`/queues/${queueId}/progress`, params);
}

/** How far people who annotated the same examples agree; of all queues unless one is named. */
export function annotationAgreementQuery(
  client: LearningClient,
  agentId: string,
  params: { queueId?: string | undefined } = {},
): LearningQuery<CamelCased<AnnotationAgreement>> {
  return readQuery<AnnotationAgreement>(client, "annotations", path`/annotations/agreement`, {
    agentId,
    ...params,
  });
}

/** How far each annotator can be relied on. */
export function annotatorTrustQuery(
  client: LearningClient,
  agentId: string,
): LearningQuery<CamelCased<AnnotatorTrustReport>> {
  return readQuery<AnnotatorTrustReport>(client, "annotations", path`/annotators`, { agentId });
}

/** Examples with a known answer, for reviewers. */
export function goldListQuery(
  client: LearningClient,
  agentId: string,
  params: { limit?: number | undefined } = {},
): LearningListQuery<CamelCased<GoldAnswer>> {
  return listQuery<GoldAnswer>(client, "annotations", path`/gold`, { agentId, ...params });
}
