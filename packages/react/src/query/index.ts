export { type CamelCased, toCamelCase, toSnakeCase } from "../client/case.ts";
export { LearningApiError } from "../client/learning-api-error.ts";
export {
  createLearningClient,
  type KeySource,
  type LearningClient,
  type LearningClientOptions,
  type RequestOptions,
} from "../client/learning-client.ts";
export type { StreamedEvent } from "../client/read-events.ts";
export {
  type FeedbackTokenRequest,
  type FeedbackTokenSource,
  LearningProvider,
  type LearningProviderProps,
  type LearningSettings,
  useLearningSettings,
} from "../provider/learning-provider.tsx";
export {
  type Entity,
  type LearningListQuery,
  type LearningQuery,
  type ListParams,
  type Page,
  QUERY_ROOT,
} from "./queries/define-query.ts";
export type {
  LearningList,
  LearningRead,
  LearningWrite,
  ReadHookOptions,
  WithDefaults,
} from "./hooks/define-hook.ts";
export { createLearningQueryClient, useLearningClient, useLearningQueryClient } from "./hooks/use-client.ts";
export {
  type AuditListParams,
  agentListQuery,
  agentQuery,
  learningBudgetQuery,
  runSpendingListQuery,
  organizationQuery,
  memberListQuery,
  apiKeyListQuery,
  auditListQuery,
  auditVerificationQuery,
} from "./queries/administration.ts";
export {
  type AnnotationListParams,
  annotationQueueQuery,
  annotationListQuery,
  exampleListQuery,
  exampleQuery,
  datasetListQuery,
  datasetQuery,
} from "./queries/curation.ts";
export {
  queueListQuery,
  queueQuery,
  queueProgressQuery,
  annotationAgreementQuery,
  annotatorTrustQuery,
  goldListQuery,
} from "./queries/annotators.ts";
export { trainingRunEstimateQuery, trainingArtifactsQuery } from "./queries/fine-tuning.ts";
export {
  feedbackLineageQuery,
  datasetLineageQuery,
  datasetInfluenceQuery,
  versionLineageQuery,
} from "./queries/lineage.ts";
export {
  type RolloutListParams,
  rolloutListQuery,
  rolloutQuery,
  rolloutEventsQuery,
  versionListQuery,
  versionQuery,
  versionDifferenceQuery,
  servingQuery,
} from "./queries/deployment.ts";
export {
  type FeedbackListParams,
  type ExecutionListParams,
  feedbackListQuery,
  feedbackQuery,
  feedbackHistoryQuery,
  executionListQuery,
  executionQuery,
  retrievalListQuery,
  documentListQuery,
} from "./queries/evidence.ts";
export {
  comparedRowListQuery,
  agentPreferencesQuery,
  behaviorPatternsQuery,
  runApprovalQuery,
  retrievalReportQuery,
  runFindingsQuery,
  trainingRunListQuery,
  trainingRunQuery,
  experimentListQuery,
  experimentQuery,
  experimentResultsQuery,
  evaluationRunListQuery,
  evaluationRunQuery,
  regressionCaseListQuery,
} from "./queries/learning.ts";
export {
  learningStatsQuery,
  feedbackStatsQuery,
  commonIssuesQuery,
  annotationStatsQuery,
} from "./queries/statistics.ts";
export {
  useCreateAgent,
  useUpdateAgent,
  useSetLearningBudget,
  useUpdateOrganization,
  useAddMember,
  useUpdateMember,
  useCreateApiKey,
  useRevokeApiKey,
  useErasePerson,
} from "./hooks/administration-writes.ts";
export { useIndexDocuments, useDeleteDocument } from "./hooks/document-writes.ts";
export {
  useCreateQueue,
  useUpdateQueue,
  useTakeSecondLook,
  useDecideInBulk,
  useSetGold,
  useRetireGold,
} from "./hooks/annotator-writes.ts";
export {
  useStartTrainingRun,
  usePauseTrainingRun,
  useResumeTrainingRun,
} from "./hooks/fine-tuning-writes.ts";
export {
  useClaimAnnotation,
  useRenewAnnotationLease,
  useReleaseAnnotationLease,
  useSubmitAnnotation,
  useVerifyAnnotation,
  useCreateExample,
  useUpdateExample,
  usePairExecutions,
  useSubmitDemonstration,
  useSubmitPreference,
  useCreateDataset,
  useFreezeDataset,
  useArchiveDataset,
} from "./hooks/curation-writes.ts";
export {
  type MoveRolloutInput,
  useCreateVersion,
  useReviewVersion,
  useCreateRollout,
  useMoveRollout,
  useStartServing,
  useRevertServing,
} from "./hooks/deployment-writes.ts";
export { useSubmitFeedback, useAmendFeedback, useWithdrawFeedback } from "./hooks/feedback-writes.ts";
export {
  useOptimizePrompt,
  useCreateTrainingRun,
  useCancelTrainingRun,
  useReviewTrainingRun,
  useCreateExperiment,
  useUpdateExperiment,
  useCreateRegressionCase,
  useUpdateRegressionCase,
  useCreateEvaluationRun,
} from "./hooks/learning-writes.ts";
export { type TrainingRunEvents, useTrainingRunEvents } from "./hooks/use-training-run-events.ts";
export {
  identityQuery,
  experimentLooksQuery,
  metricSourcesQuery,
  rolloutEvidenceListQuery,
  suspicionListQuery,
} from "./queries/evaluation.ts";
export {
  usePromoteRollout,
  useCancelEvaluationRun,
  useReviewContributions,
  useDecideSuspicion,
} from "./hooks/evaluation-writes.ts";
export {
  useAgents,
  useAgent,
  useLearningBudget,
  useRunSpendingList,
  useOrganization,
  useMembers,
  useApiKeys,
  useAudit,
  useAuditVerification,
  useAnnotationQueue,
  useAnnotations,
  useQueues,
  useQueue,
  useQueueProgress,
  useAnnotationAgreement,
  useAnnotatorTrust,
  useGoldList,
  useExamples,
  useExample,
  useDatasets,
  useDocuments,
  useDataset,
  useRollouts,
  useRollout,
  useRolloutEvents,
  useVersions,
  useVersion,
  useVersionDifference,
  useServing,
  useFeedbackList,
  useFeedbackById,
  useFeedbackHistory,
  useExecutions,
  useExecution,
  useRetrievals,
  useTrainingRuns,
  useComparedRows,
  useDatasetLineage,
  useDatasetInfluence,
  useFeedbackLineage,
  useVersionLineage,
  useTrainingRunEstimate,
  useTrainingArtifacts,
  useAgentPreferences,
  useBehaviorPatterns,
  useRunApproval,
  useRetrievalReport,
  useRunFindings,
  useTrainingRun,
  useExperiments,
  useExperiment,
  useExperimentResults,
  useEvaluationRun,
  useEvaluationRuns,
  useRegressionCases,
  useLearningStats,
  useFeedbackStats,
  useCommonIssues,
  useAnnotationStats,
  useIdentity,
  useExperimentLooks,
  useMetricSources,
  useRolloutEvidence,
  useSuspicions,
} from "./hooks/reads.ts";
