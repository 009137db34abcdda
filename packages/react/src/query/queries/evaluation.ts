import type {
  ContributionSuspicion,
  ExperimentLook,
  Identity,
  LooksQuery,
  MetricSource,
  RolloutEvidence,
  SuspicionQuery,
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

/** Whose key it is that is sent, and what time the server has. */
export function identityQuery(client: LearningClient): LearningQuery<CamelCased<Identity>> {
  return readQuery<Identity>(client, "session", "/me");
}

/** What each look at an experiment said, oldest first. */
export function experimentLooksQuery(
  client: LearningClient,
  experimentId: string,
  params: Partial<CamelCased<LooksQuery>> = {},
): LearningQuery<CamelCased<{ data: ExperimentLook[] }>> {
  return readQuery(client, "experiments", path`/experiments/by-id/${experimentId}/looks`, params);
}

/** Where an agent's metrics come from, and whether they still come. */
export function metricSourcesQuery(
  client: LearningClient,
  agentId: string,
): LearningQuery<CamelCased<{ data: MetricSource[] }>> {
  return readQuery(client, "agents", path`/agents/${agentId}/metric-sources`);
}

/** The rows behind a guardrail, those against the version first. */
export function rolloutEvidenceListQuery(
  client: LearningClient,
  rolloutId: string,
  params: { guardrail: string; arm?: "candidate" | "control" | undefined; limit?: number | undefined },
): LearningListQuery<CamelCased<RolloutEvidence>> {
  return listQuery<RolloutEvidence>(client, "rollouts", path`/rollouts/${rolloutId}/evidence`, params);
}

/** Contributions that look poisoned, for a reviewer to decide on. */
export function suspicionListQuery(
  client: LearningClient,
  params: ListParams<SuspicionQuery> & { agentId: string },
): LearningListQuery<CamelCased<ContributionSuspicion>> {
  return listQuery<ContributionSuspicion>(client, "examples", "/trust/suspicions", params);
}
