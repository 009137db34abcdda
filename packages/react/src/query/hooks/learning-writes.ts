"use client";
import type {
  CreateEvaluationRun,
  CreateExperiment,
  CreateRegressionCase,
  CreateTrainingRun,
  EvaluationRun,
  Experiment,
  OptimizePrompt,
  RegressionCase,
  ReviewDecision,
  TrainingRun,
  UpdateExperiment,
  UpdateRegressionCase,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import { path } from "../../client/path.ts";
import { type LearningWrite, useWrite, type WithDefaults } from "./define-hook.ts";

/** Starts the guide's prompt optimisation; the answer is a training run to follow. */
export function useOptimizePrompt(): LearningWrite<
  WithDefaults<CamelCased<OptimizePrompt>, "optimizationGoals" | "evaluator" | "budgetCalls" | "seed">,
  CamelCased<TrainingRun>
> {
  return useWrite(
    (client, body) => client.request<TrainingRun>("POST", "/optimize-prompt", { body }),
    ["training-runs", "stats"],
  );
}

export function useCreateTrainingRun(): LearningWrite<
  WithDefaults<CamelCased<CreateTrainingRun>, "config">,
  CamelCased<TrainingRun>
> {
  return useWrite(
    (client, body) => client.request<TrainingRun>("POST", "/training-runs", { body }),
    ["training-runs", "stats"],
  );
}

export function useCancelTrainingRun(): LearningWrite<{ runId: string }, CamelCased<TrainingRun>> {
  return useWrite(
    (client, { runId }) => client.request<TrainingRun>("POST", path`/training-runs/by-id/${runId}/cancel`),
    ["training-runs", "stats"],
  );
}

export function useReviewTrainingRun(): LearningWrite<
  CamelCased<ReviewDecision> & { runId: string },
  CamelCased<TrainingRun>
> {
  return useWrite(
    (client, { runId, ...body }) =>
      client.request<TrainingRun>("POST", path`/training-runs/by-id/${runId}/review`, { body }),
    ["training-runs", "versions", "rollouts", "experiments"],
  );
}

export function useCreateExperiment(): LearningWrite<
  WithDefaults<CamelCased<CreateExperiment>, "controlPercentage" | "treatmentPercentage" | "primaryMetric">,
  CamelCased<Experiment>
> {
  return useWrite(
    (client, body) => client.request<Experiment>("POST", "/experiments", { body }),
    ["experiments"],
  );
}

/** Starts, pauses, stops or decides, by compare-and-set on the revision that was read. */
export function useUpdateExperiment(): LearningWrite<
  CamelCased<UpdateExperiment> & { experimentId: string; revision: number },
  CamelCased<Experiment>
> {
  return useWrite(
    (client, { experimentId, revision, ...body }) =>
      client.request<Experiment>("PATCH", path`/experiments/${experimentId}`, { body, ifMatch: revision }),
    ["experiments", "rollouts", "stats", "serving"],
  );
}

export function useCreateRegressionCase(): LearningWrite<
  WithDefaults<CamelCased<CreateRegressionCase>, "slice" | "slices" | "isPinned">,
  CamelCased<RegressionCase>
> {
  return useWrite(
    (client, body) => client.request<RegressionCase>("POST", "/regression-cases", { body }),
    ["regression"],
  );
}

export function useUpdateRegressionCase(): LearningWrite<
  CamelCased<UpdateRegressionCase> & { caseId: string },
  CamelCased<RegressionCase>
> {
  return useWrite(
    (client, { caseId, ...body }) =>
      client.request<RegressionCase>("PATCH", path`/regression-cases/by-id/${caseId}`, { body }),
    ["regression"],
  );
}

/** Holds a version to the regression cases and the safety checks; the answer is a run to read again until it is completed. */
export function useCreateEvaluationRun(): LearningWrite<
  WithDefaults<CamelCased<CreateEvaluationRun>, "checks" | "answeredBy" | "baselineAnswers">,
  CamelCased<EvaluationRun>
> {
  return useWrite(
    (client, body) => client.request<EvaluationRun>("POST", "/evaluation-runs", { body }),
    ["regression"],
  );
}
