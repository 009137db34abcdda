import type {
  AgentPreferences,
  BehaviorPatterns,
  ComparedRow,
  EvaluationRun,
  EvaluationRunDetails,
  Experiment,
  ExperimentResults,
  ExperimentStatus,
  RegressionCase,
  RetrievalReport,
  RowOutcome,
  RunApproval,
  RunFindings,
  TrainingRun,
  TrainingStatus,
  TrainingType,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import type { LearningClient } from "../../client/learning-client.ts";
import { path } from "../../client/path.ts";
import { type LearningListQuery, type LearningQuery, listQuery, readQuery } from "./define-query.ts";

/** How experts and the agent use tools, and where they differ. */
export function behaviorPatternsQuery(
  client: LearningClient,
  agentId: string,
  params: { days?: number | undefined } = {},
): LearningQuery<CamelCased<BehaviorPatterns>> {
  return readQuery<BehaviorPatterns>(
    client,
    "training-runs",
    path`/agents/${agentId}/behavior-patterns`,
    params,
  );
}

/** How strongly people prefer each version's answers. */
export function agentPreferencesQuery(
  client: LearningClient,
  agentId: string,
): LearningQuery<CamelCased<AgentPreferences>> {
  return readQuery<AgentPreferences>(client, "training-runs", path`/agents/${agentId}/preferences`);
}

export function trainingRunListQuery(
  client: LearningClient,
  agentId: string,
  params: {
    status?: TrainingStatus | undefined;
    trainingType?: TrainingType | undefined;
    limit?: number | undefined;
  } = {},
): LearningListQuery<CamelCased<TrainingRun>> {
  return listQuery<TrainingRun>(client, "training-runs", path`/training-runs/${agentId}`, params);
}

/** What a run learned: the difference of the prompts, the comparison, its cost, what to expect and what to do next. */
export function runFindingsQuery(
  client: LearningClient,
  runId: string,
): LearningQuery<CamelCased<RunFindings>> {
  return readQuery<RunFindings>(client, "training-runs", path`/training-runs/by-id/${runId}/findings`);
}

/** What a run of retrieval learning would change: what moved and why, slices, spot checks, how documents are cut. */
export function retrievalReportQuery(
  client: LearningClient,
  runId: string,
): LearningQuery<CamelCased<RetrievalReport>> {
  return readQuery<RetrievalReport>(client, "training-runs", path`/training-runs/by-id/${runId}/retrieval`);
}

/** What a reviewer decides on, for a run of behaviour learning. */
export function runApprovalQuery(
  client: LearningClient,
  runId: string,
): LearningQuery<CamelCased<RunApproval>> {
  return readQuery<RunApproval>(client, "training-runs", path`/training-runs/by-id/${runId}/approval`);
}

/** Rows of a run's gate, with what each side answered. */
export function comparedRowListQuery(
  client: LearningClient,
  runId: string,
  params: { outcome?: RowOutcome | undefined; limit?: number | undefined } = {},
): LearningListQuery<CamelCased<ComparedRow>> {
  return listQuery<ComparedRow>(client, "training-runs", path`/training-runs/by-id/${runId}/rows`, params);
}

export function trainingRunQuery(
  client: LearningClient,
  runId: string,
): LearningQuery<CamelCased<TrainingRun>> {
  return readQuery<TrainingRun>(client, "training-runs", path`/training-runs/by-id/${runId}`);
}

export function experimentListQuery(
  client: LearningClient,
  agentId: string,
  params: { status?: ExperimentStatus | undefined; limit?: number | undefined } = {},
): LearningListQuery<CamelCased<Experiment>> {
  return listQuery<Experiment>(client, "experiments", path`/experiments/${agentId}`, params);
}

export function experimentQuery(
  client: LearningClient,
  experimentId: string,
): LearningQuery<CamelCased<Experiment>> {
  return readQuery<Experiment>(client, "experiments", path`/experiments/by-id/${experimentId}`);
}

/** Every metric compared, with intervals that hold at every look. */
export function experimentResultsQuery(
  client: LearningClient,
  experimentId: string,
): LearningQuery<CamelCased<ExperimentResults>> {
  return readQuery<ExperimentResults>(
    client,
    "experiments",
    path`/experiments/by-id/${experimentId}/results`,
  );
}

export function regressionCaseListQuery(
  client: LearningClient,
  agentId: string,
  params: { limit?: number | undefined } = {},
): LearningListQuery<CamelCased<RegressionCase>> {
  return listQuery<RegressionCase>(client, "regression", path`/regression-cases/${agentId}`, params);
}

/** Runs of the gate that a version was held to. */
export function evaluationRunListQuery(
  client: LearningClient,
  params: { agentId?: string | undefined; versionId?: string | undefined; limit?: number | undefined } = {},
): LearningListQuery<CamelCased<EvaluationRun>> {
  return listQuery<EvaluationRun>(client, "regression", path`/evaluation-runs`, params);
}

/** One run of the gate with its regression and safety reports. */
export function evaluationRunQuery(
  client: LearningClient,
  runId: string,
): LearningQuery<CamelCased<EvaluationRunDetails>> {
  return readQuery<EvaluationRunDetails>(client, "regression", path`/evaluation-runs/${runId}`);
}
