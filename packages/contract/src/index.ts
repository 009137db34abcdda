export {
  type Access,
  MACHINE_KEY_KINDS,
  type MachineKeyKind,
  type Role,
  roleIncludes,
  ROLES,
} from "./access.ts";
export { agentReference, externalId, isUuid, slug, uuid } from "./identifiers.ts";
export { jsonObject, type JsonValue } from "./json.ts";
export { page, pageQuery, timestamp } from "./pagination.ts";
export { type FieldError, PROBLEM_STATUS, problem, type Problem, type ProblemType } from "./problem.ts";
export { MAXIMUM_TEXT, name, optionalText, text } from "./text.ts";
export { agentLearningConfig, type AgentLearningConfig } from "./agent-config.ts";
export { agentPolicy, type AgentPolicy, DEFAULT_POLICY, type RolloutStage } from "./agent-policy.ts";
export {
  type AgentVersionConfig,
  agentVersionConfig,
  type Demonstration,
  type PlaybookRule,
  RUNTIMES,
} from "./agent-version.ts";
export { agent, type Agent, createAgent, type CreateAgent, updateAgent, type UpdateAgent } from "./agent.ts";
export {
  addMember,
  type AddMember,
  API_KEY_KINDS,
  apiKey,
  type ApiKey,
  auditRecord,
  type AuditRecord,
  auditVerification,
  type AuditVerification,
  createApiKey,
  type CreateApiKey,
  createdApiKey,
  member,
  type Member,
  organization,
  type Organization,
  personReference,
  updateMember,
  type UpdateMember,
  updateOrganization,
  type UpdateOrganization,
} from "./administration.ts";
export {
  agentVersion,
  type AgentVersion,
  agentVersionDifference,
  type AgentVersionDifference,
  agentVersionSummary,
  type AgentVersionSummary,
  type ChangedValue,
  createAgentVersion,
  type CreateAgentVersion,
  reviewAgentVersion,
  type ReviewAgentVersion,
  VERSION_ORIGINS,
  VERSION_REVIEW_STATUSES,
  type VersionOrigin,
  type VersionReviewStatus,
} from "./version.ts";
export {
  type Environment,
  ENVIRONMENTS,
  revertServing,
  type RevertServing,
  type ServedVersion,
  servingConfiguration,
  type ServingConfiguration,
  servingPointer,
  type ServingPointer,
  servingQuery,
  type ServingQuery,
  split,
  type Split,
  type SplitArm,
  startServing,
  type StartServing,
} from "./serving.ts";
export {
  createTrainingRun,
  type CreateTrainingRun,
  optimizePrompt,
  type OptimizePrompt,
  reviewDecision,
  type ReviewDecision,
  TRAINING_STATUSES,
  TRAINING_TYPES,
  trainingRun,
  type TrainingRun,
  trainingRunEvent,
  type TrainingRunEvent,
  type TrainingStatus,
  type TrainingType,
} from "./training-run.ts";
export { MAXIMUM_BATCH } from "./one-or-batch.ts";
export {
  execution,
  type Execution,
  EXECUTION_STATUSES,
  type ExecutionSplit,
  type ExecutionStatus,
  type RecordedExecution,
  recordedExecution,
  recordedExecutions,
  type RecordExecution,
  recordExecution,
  recordExecutions,
} from "./execution.ts";
export {
  amendFeedback,
  type AmendFeedback,
  type Dimensions,
  feedback,
  type Feedback,
  FEEDBACK_DIMENSIONS,
  FEEDBACK_STATUSES,
  FEEDBACK_TYPES,
  type FeedbackContent,
  type FeedbackDimension,
  feedbackHistory,
  type FeedbackRevision,
  type FeedbackType,
  IMPLICIT_SIGNALS,
  type ImplicitSignal,
  submitFeedback,
  type SubmitFeedback,
  submitFeedbackBatch,
  submittedFeedback,
  type SubmittedFeedback,
  submittedFeedbackBatch,
} from "./feedback.ts";
export {
  createFeedbackToken,
  type CreateFeedbackToken,
  feedbackToken,
  type FeedbackToken,
} from "./feedback-token.ts";
export {
  type CommonIssue,
  type CommonIssues,
  commonIssues,
  type DailyFeedback,
  type FeedbackStatistics,
  feedbackStatistics,
  statisticsQuery,
} from "./feedback-statistics.ts";
export {
  type RecordedRetrieval,
  recordedRetrieval,
  recordedRetrievals,
  recordRetrieval,
  type RecordRetrieval,
  recordRetrievals,
  type Retrieval,
  retrieval,
  type RetrievedChunk,
} from "./retrieval.ts";
export { learningStats, type LearningStats, type Rate, type StatsDay } from "./stats.ts";
