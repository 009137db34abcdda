"use client";
import type {
  ContributionsReview,
  ContributionSuspicion,
  DecideSuspicion,
  EvaluationRun,
  PromoteRollout,
  ReviewContributions,
  Rollout,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import { path } from "../../client/path.ts";
import { type LearningWrite, useWrite } from "./define-hook.ts";

/** Goes ahead to a later stage without waiting, by compare-and-set on the version that was read. */
export function usePromoteRollout(): LearningWrite<
  CamelCased<PromoteRollout> & { rolloutId: string; version: number },
  CamelCased<Rollout>
> {
  return useWrite(
    (client, { rolloutId, version, ...body }) =>
      client.request<Rollout>("POST", path`/rollouts/${rolloutId}/promote`, { body, ifMatch: version }),
    ["rollouts", "stats", "serving"],
  );
}

export function useCancelEvaluationRun(): LearningWrite<
  { evaluationRunId: string },
  CamelCased<EvaluationRun>
> {
  return useWrite(
    (client, { evaluationRunId }) =>
      client.request<EvaluationRun>("POST", path`/evaluation-runs/${evaluationRunId}/cancel`),
    ["regression"],
  );
}

/** Looks through an agent's contributions for poisoned ones. */
export function useReviewContributions(): LearningWrite<
  CamelCased<ReviewContributions>,
  CamelCased<ContributionsReview>
> {
  return useWrite(
    (client, body) => client.request<ContributionsReview>("POST", "/trust/reviews", { body }),
    ["examples"],
  );
}

/** A reviewer's word on a suspicion. */
export function useDecideSuspicion(): LearningWrite<
  CamelCased<DecideSuspicion> & { suspicionId: string },
  CamelCased<ContributionSuspicion>
> {
  return useWrite(
    (client, { suspicionId, ...body }) =>
      client.request<ContributionSuspicion>("POST", path`/trust/suspicions/${suspicionId}/decision`, {
        body,
      }),
    ["examples", "datasets"],
  );
}
