"use client";
import {
  agentListQuery,
  agentQuery,
  apiKeyListQuery,
  auditListQuery,
  auditVerificationQuery,
  memberListQuery,
  learningBudgetQuery,
  organizationQuery,
  runSpendingListQuery,
} from "../queries/administration.ts";
import {
  annotationAgreementQuery,
  annotatorTrustQuery,
  goldListQuery,
  queueListQuery,
  queueProgressQuery,
  queueQuery,
} from "../queries/annotators.ts";
import {
  annotationListQuery,
  annotationQueueQuery,
  datasetListQuery,
  datasetQuery,
  exampleListQuery,
  exampleQuery,
} from "../queries/curation.ts";
import {
  rolloutEventsQuery,
  rolloutListQuery,
  rolloutQuery,
  servingQuery,
  versionDifferenceQuery,
  versionListQuery,
  versionQuery,
} from "../queries/deployment.ts";
import {
  experimentLooksQuery,
  identityQuery,
  metricSourcesQuery,
  rolloutEvidenceListQuery,
  suspicionListQuery,
} from "../queries/evaluation.ts";
import {
  executionListQuery,
  executionQuery,
  feedbackHistoryQuery,
  feedbackListQuery,
  feedbackQuery,
  documentListQuery,
  retrievalListQuery,
} from "../queries/evidence.ts";
import { trainingArtifactsQuery, trainingRunEstimateQuery } from "../queries/fine-tuning.ts";
import {
  evaluationRunListQuery,
  evaluationRunQuery,
  experimentListQuery,
  experimentQuery,
  experimentResultsQuery,
  regressionCaseListQuery,
  comparedRowListQuery,
  runApprovalQuery,
  retrievalReportQuery,
  runFindingsQuery,
  agentPreferencesQuery,
  behaviorPatternsQuery,
  trainingRunListQuery,
  trainingRunQuery,
} from "../queries/learning.ts";
import {
  datasetInfluenceQuery,
  datasetLineageQuery,
  feedbackLineageQuery,
  versionLineageQuery,
} from "../queries/lineage.ts";
import {
  annotationStatsQuery,
  commonIssuesQuery,
  feedbackStatsQuery,
  learningStatsQuery,
} from "../queries/statistics.ts";
import { listHook, type ListHook, readHook, type ReadHook } from "./define-hook.ts";

// One hook for each query: its arguments, then when to ask.

/** The loop at a glance: counts, rates and the series of the last `days`; all agents unless one is named. */
export const useLearningStats: ReadHook<typeof learningStatsQuery> = readHook(learningStatsQuery, 1);

export const useFeedbackStats: ReadHook<typeof feedbackStatsQuery> = readHook(feedbackStatsQuery, 2);

export const useCommonIssues: ReadHook<typeof commonIssuesQuery> = readHook(commonIssuesQuery, 2);

/** Progress of the annotation queue, by person. */
export const useAnnotationStats: ReadHook<typeof annotationStatsQuery> = readHook(annotationStatsQuery, 1);

/** An agent's feedback, newest first; live ones unless said. */
export const useFeedbackList: ListHook<typeof feedbackListQuery> = listHook(feedbackListQuery, 2);

export const useFeedbackById: ReadHook<typeof feedbackQuery> = readHook(feedbackQuery, 1);

/** What a feedback was before each change. */
export const useFeedbackHistory: ReadHook<typeof feedbackHistoryQuery> = readHook(feedbackHistoryQuery, 1);

export const useExecutions: ListHook<typeof executionListQuery> = listHook(executionListQuery, 2);

/** An execution by our id or the caller's own. */
export const useExecution: ReadHook<typeof executionQuery> = readHook(executionQuery, 2);

export const useRetrievals: ListHook<typeof retrievalListQuery> = listHook(retrievalListQuery, 2);

/** Annotations that are wanted, in order: claimable ones unless said. */
export const useAnnotationQueue: ListHook<typeof annotationQueueQuery> = listHook(annotationQueueQuery, 1);

export const useAnnotations: ListHook<typeof annotationListQuery> = listHook(annotationListQuery, 1);

/** Queues of their own filter, overlap, order and guidelines. */
export const useQueues: ListHook<typeof queueListQuery> = listHook(queueListQuery, 1);

export const useQueue: ReadHook<typeof queueQuery> = readHook(queueQuery, 1);

/** What is left in a queue, and each person's pace. */
export const useQueueProgress: ReadHook<typeof queueProgressQuery> = readHook(queueProgressQuery, 2);

/** How far people who annotated the same examples agree, with intervals. */
export const useAnnotationAgreement: ReadHook<typeof annotationAgreementQuery> = readHook(
  annotationAgreementQuery,
  2,
);

/** How far each annotator can be relied on. */
export const useAnnotatorTrust: ReadHook<typeof annotatorTrustQuery> = readHook(annotatorTrustQuery, 1);

/** Examples with a known answer. */
export const useGoldList: ListHook<typeof goldListQuery> = listHook(goldListQuery, 2);

export const useExamples: ListHook<typeof exampleListQuery> = listHook(exampleListQuery, 1);

/** An example with its lineage. */
export const useExample: ReadHook<typeof exampleQuery> = readHook(exampleQuery, 1);

/** Documents that the server finds chunks in. */
export const useDocuments: ListHook<typeof documentListQuery> = listHook(documentListQuery, 2);

export const useDatasets: ListHook<typeof datasetListQuery> = listHook(datasetListQuery, 2);

/** A dataset with its card. */
export const useDataset: ReadHook<typeof datasetQuery> = readHook(datasetQuery, 1);

/** What a dataset was made of, and what was made of it. */
export const useDatasetLineage: ReadHook<typeof datasetLineageQuery> = readHook(datasetLineageQuery, 1);

/** What each of a dataset's largest contributors does to its held-out score. */
export const useDatasetInfluence: ReadHook<typeof datasetInfluenceQuery> = readHook(datasetInfluenceQuery, 2);

/** What a piece of feedback went into. */
export const useFeedbackLineage: ReadHook<typeof feedbackLineageQuery> = readHook(feedbackLineageQuery, 1);

/** What a version was made of, and what became of it. */
export const useVersionLineage: ReadHook<typeof versionLineageQuery> = readHook(versionLineageQuery, 2);

/** What a run of fine-tuning would take, and what is in its way. */
export const useTrainingRunEstimate: ReadHook<typeof trainingRunEstimateQuery> = readHook(
  trainingRunEstimateQuery,
  1,
);

/** Files that a run of fine-tuning made. */
export const useTrainingArtifacts: ReadHook<typeof trainingArtifactsQuery> = readHook(
  trainingArtifactsQuery,
  1,
);

export const useBehaviorPatterns: ReadHook<typeof behaviorPatternsQuery> = readHook(behaviorPatternsQuery, 2);
export const useAgentPreferences: ReadHook<typeof agentPreferencesQuery> = readHook(agentPreferencesQuery, 1);
export const useTrainingRuns: ListHook<typeof trainingRunListQuery> = listHook(trainingRunListQuery, 2);

/** What a run learned: the difference of the prompts, the comparison, its cost, what to expect and what to do next. */
export const useRunApproval: ReadHook<typeof runApprovalQuery> = readHook(runApprovalQuery, 1);
export const useRetrievalReport: ReadHook<typeof retrievalReportQuery> = readHook(retrievalReportQuery, 1);
export const useRunFindings: ReadHook<typeof runFindingsQuery> = readHook(runFindingsQuery, 1);

/** Rows of a run's gate, with what each side answered. */
export const useComparedRows: ListHook<typeof comparedRowListQuery> = listHook(comparedRowListQuery, 2);

export const useTrainingRun: ReadHook<typeof trainingRunQuery> = readHook(trainingRunQuery, 1);

export const useExperiments: ListHook<typeof experimentListQuery> = listHook(experimentListQuery, 2);

export const useExperiment: ReadHook<typeof experimentQuery> = readHook(experimentQuery, 1);

/** Every metric compared, with intervals that hold at every look. */
export const useExperimentResults: ReadHook<typeof experimentResultsQuery> = readHook(
  experimentResultsQuery,
  1,
);

export const useRegressionCases: ListHook<typeof regressionCaseListQuery> = listHook(
  regressionCaseListQuery,
  2,
);

export const useEvaluationRuns: ListHook<typeof evaluationRunListQuery> = listHook(evaluationRunListQuery, 1);

export const useEvaluationRun: ReadHook<typeof evaluationRunQuery> = readHook(evaluationRunQuery, 1);

/** Whose key it is that is sent, and what time the server has. */
export const useIdentity: ReadHook<typeof identityQuery> = readHook(identityQuery, 0);

/** What each look at an experiment said, oldest first. */
export const useExperimentLooks: ReadHook<typeof experimentLooksQuery> = readHook(experimentLooksQuery, 2);

/** Where an agent's metrics come from, and whether they still come. */
export const useMetricSources: ReadHook<typeof metricSourcesQuery> = readHook(metricSourcesQuery, 1);

/** The rows behind a guardrail, those against the version first. */
export const useRolloutEvidence: ListHook<typeof rolloutEvidenceListQuery> = listHook(
  rolloutEvidenceListQuery,
  2,
);

/** Contributions that look poisoned, for a reviewer to decide on. */
export const useSuspicions: ListHook<typeof suspicionListQuery> = listHook(suspicionListQuery, 1);

export const useRollouts: ListHook<typeof rolloutListQuery> = listHook(rolloutListQuery, 1);

/** A rollout with what it waits for and its history. */
export const useRollout: ReadHook<typeof rolloutQuery> = readHook(rolloutQuery, 1);

export const useRolloutEvents: ReadHook<typeof rolloutEventsQuery> = readHook(rolloutEventsQuery, 1);

export const useVersions: ListHook<typeof versionListQuery> = listHook(versionListQuery, 2);

/** A version with its config, which stays as it is on the wire. */
export const useVersion: ReadHook<typeof versionQuery> = readHook(versionQuery, 2);

/** What distinguishes a version from another; from its parent unless said. */
export const useVersionDifference: ReadHook<typeof versionDifferenceQuery> = readHook(
  versionDifferenceQuery,
  3,
);

/** What an environment runs. */
export const useServing: ReadHook<typeof servingQuery> = readHook(servingQuery, 2);

export const useAgents: ListHook<typeof agentListQuery> = listHook(agentListQuery, 1);

/** An agent by id or slug. Its `config` stays as it is on the wire; its policy is camelCase. */
export const useAgent: ReadHook<typeof agentQuery> = readHook(agentQuery, 1);

/** The caller's organization with its issue categories. */
export const useOrganization: ReadHook<typeof organizationQuery> = readHook(organizationQuery, 0);

/** What the organization's learning may spend on language models, and what it spent. */
export const useLearningBudget: ReadHook<typeof learningBudgetQuery> = readHook(learningBudgetQuery, 0);

/** What runs spent on language models in the budget's period, newest first. */
export const useRunSpendingList: ListHook<typeof runSpendingListQuery> = listHook(runSpendingListQuery, 1);

export const useMembers: ListHook<typeof memberListQuery> = listHook(memberListQuery, 1);

export const useApiKeys: ListHook<typeof apiKeyListQuery> = listHook(apiKeyListQuery, 1);

export const useAudit: ListHook<typeof auditListQuery> = listHook(auditListQuery, 1);

/** Whether the chain of hashes is intact. Reads every record: ask when a person wants to know. */
export const useAuditVerification: ReadHook<typeof auditVerificationQuery> = readHook(
  auditVerificationQuery,
  0,
);
