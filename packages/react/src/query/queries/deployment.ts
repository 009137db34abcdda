import type {
  AgentVersion,
  AgentVersionDifference,
  AgentVersionSummary,
  Environment,
  Rollout,
  RolloutDetails,
  RolloutEvent,
  RolloutStatus,
  ServingConfiguration,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import type { LearningClient } from "../../client/learning-client.ts";
import { path } from "../../client/path.ts";
import { type LearningListQuery, type LearningQuery, listQuery, readQuery } from "./define-query.ts";

export interface RolloutListParams {
  agentId?: string | undefined;
  status?: RolloutStatus | undefined;
  limit?: number | undefined;
}

export function rolloutListQuery(
  client: LearningClient,
  params: RolloutListParams = {},
): LearningListQuery<CamelCased<Rollout>> {
  return listQuery<Rollout>(client, "rollouts", "/rollouts", params);
}

/** A rollout with what it waits for and its history. */
export function rolloutQuery(
  client: LearningClient,
  rolloutId: string,
): LearningQuery<CamelCased<RolloutDetails>> {
  return readQuery<RolloutDetails>(client, "rollouts", path`/rollouts/${rolloutId}`);
}

export function rolloutEventsQuery(
  client: LearningClient,
  rolloutId: string,
): LearningQuery<CamelCased<{ data: RolloutEvent[] }>> {
  return readQuery(client, "rollouts", path`/rollouts/${rolloutId}/events`);
}

export function versionListQuery(
  client: LearningClient,
  agentId: string,
  params: { limit?: number | undefined } = {},
): LearningListQuery<CamelCased<AgentVersionSummary>> {
  return listQuery<AgentVersionSummary>(client, "versions", path`/agents/${agentId}/versions`, params);
}

/** A version with its config, which stays as it is on the wire. */
export function versionQuery(
  client: LearningClient,
  agentId: string,
  versionId: string,
): LearningQuery<CamelCased<AgentVersion>> {
  return readQuery<AgentVersion>(client, "versions", path`/agents/${agentId}/versions/${versionId}`);
}

/** What distinguishes a version from another; from its parent unless said. */
export function versionDifferenceQuery(
  client: LearningClient,
  agentId: string,
  versionId: string,
  params: { against?: string | undefined } = {},
): LearningQuery<CamelCased<AgentVersionDifference>> {
  const address = path`/agents/${agentId}/versions/${versionId}/diff`;
  return readQuery<AgentVersionDifference>(client, "versions", address, params);
}

/** What an environment runs. */
export function servingQuery(
  client: LearningClient,
  agentId: string,
  params: { environment?: Environment | undefined } = {},
): LearningQuery<CamelCased<ServingConfiguration>> {
  return readQuery<ServingConfiguration>(client, "serving", path`/agents/${agentId}/serving`, params);
}
