import type {
  AnnotationQueueStatistics,
  CommonIssues,
  FeedbackStatistics,
  LearningStats,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import type { LearningClient } from "../../client/learning-client.ts";
import { path } from "../../client/path.ts";
import { type LearningQuery, readQuery } from "./define-query.ts";

/** The loop at a glance: counts, rates and the series of the last `days`; all agents unless one is named. */
export function learningStatsQuery(
  client: LearningClient,
  params: { agentId?: string | undefined; days?: number | undefined } = {},
): LearningQuery<CamelCased<LearningStats>> {
  return readQuery<LearningStats>(client, "stats", "/stats", params);
}

export function feedbackStatsQuery(
  client: LearningClient,
  agentId: string,
  params: { days?: number | undefined } = {},
): LearningQuery<CamelCased<FeedbackStatistics>> {
  return readQuery<FeedbackStatistics>(client, "feedback", path`/feedback/stats/${agentId}`, params);
}

export function commonIssuesQuery(
  client: LearningClient,
  agentId: string,
  params: { days?: number | undefined } = {},
): LearningQuery<CamelCased<CommonIssues>> {
  return readQuery<CommonIssues>(client, "feedback", path`/feedback/issues/${agentId}`, params);
}

/** Progress of the annotation queue, by person. */
export function annotationStatsQuery(
  client: LearningClient,
  params: { agentId?: string | undefined } = {},
): LearningQuery<CamelCased<AnnotationQueueStatistics>> {
  return readQuery<AnnotationQueueStatistics>(client, "annotations", "/annotations/stats", params);
}
