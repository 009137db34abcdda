import type * as wire from "@agent-learning/contract";
import type { CamelCased } from "@agent-learning/react/query";

export type {
  BulkAction,
  Decision,
  ExampleType,
  ExperimentDecision,
  FeedbackType,
  Guardrail,
  QualityDimension,
  ReviewStatus,
  Role,
  TrainingStatus,
  TrainingType,
  UnitMetric,
} from "@agent-learning/contract";

export type Agent = CamelCased<wire.Agent>;
export type AgentPolicy = CamelCased<wire.AgentPolicy>;
export type AgentVersion = CamelCased<wire.AgentVersion>;
export type AgentVersionSummary = CamelCased<wire.AgentVersionSummary>;
export type AgentVersionDifference = CamelCased<wire.AgentVersionDifference>;
export type Annotation = CamelCased<wire.Annotation>;
export type AnnotationAgreement = CamelCased<wire.AnnotationAgreement>;
export type AnnotationQueue = CamelCased<wire.AnnotationQueue>;
export type AnnotatorTrust = CamelCased<wire.AnnotatorTrust>;
export type AnnotatorTrustReport = CamelCased<wire.AnnotatorTrustReport>;
export type AuditRecord = CamelCased<wire.AuditRecord>;
export type BehaviorPatterns = CamelCased<wire.BehaviorPatterns>;
export type BulkResult = CamelCased<wire.BulkResult>;
export type ClaimedAnnotation = CamelCased<wire.ClaimedAnnotation>;
export type CommonIssues = CamelCased<wire.CommonIssues>;
export type Dataset = CamelCased<wire.Dataset>;
export type DatasetDetail = CamelCased<wire.DatasetDetail>;
export type ApiKey = CamelCased<wire.ApiKey>;
export type ComparedRow = CamelCased<wire.ComparedRow>;
export type ContributionSuspicion = CamelCased<wire.ContributionSuspicion>;
export type EvaluatedCase = CamelCased<wire.EvaluatedCase>;
export type EvaluationRun = CamelCased<wire.EvaluationRun>;
export type EvaluationRunDetails = CamelCased<wire.EvaluationRunDetails>;
export type Execution = CamelCased<wire.Execution>;
export type Experiment = CamelCased<wire.Experiment>;
export type ExperimentResults = CamelCased<wire.ExperimentResults>;
export type Feedback = CamelCased<wire.Feedback>;
export type FeedbackStatistics = CamelCased<wire.FeedbackStatistics>;
export type FineTuningEstimate = CamelCased<wire.FineTuningEstimate>;
export type GoldAnswer = CamelCased<wire.GoldAnswer>;
export type QueueProgress = CamelCased<wire.QueueProgress>;
export type SecondLookResult = CamelCased<wire.SecondLookResult>;
export type RunApproval = CamelCased<wire.RunApproval>;
export type RetrievalReport = CamelCased<wire.RetrievalReport>;
export type RunFindings = CamelCased<wire.RunFindings>;
export type Identity = CamelCased<wire.Identity>;
export type LearningExample = CamelCased<wire.LearningExample>;
export type LearningExampleDetail = CamelCased<wire.LearningExampleDetail>;
export type LearningStats = CamelCased<wire.LearningStats>;
export type Member = CamelCased<wire.Member>;
export type MetricComparison = CamelCased<wire.MetricComparison>;
export type RegressionCase = CamelCased<wire.RegressionCase>;
export type Rollout = CamelCased<wire.Rollout>;
export type RolloutDetails = CamelCased<wire.RolloutDetails>;
export type RolloutGuardrail = CamelCased<wire.RolloutGuardrail>;
export type LearningBudget = CamelCased<wire.LearningBudget>;
export type PromptEvaluator = wire.PromptEvaluator;
export type RunSpending = CamelCased<wire.RunSpending>;
export type TrainingRun = CamelCased<wire.TrainingRun>;
