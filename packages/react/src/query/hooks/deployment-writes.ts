"use client";
import type {
  AgentVersion,
  AgentVersionSummary,
  CreateAgentVersion,
  CreateRollout,
  RevertServing,
  ReviewAgentVersion,
  Rollout,
  RolloutDetails,
  ServingPointer,
  StartServing,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import { path } from "../../client/path.ts";
import { type LearningWrite, useWrite, type WithDefaults } from "./define-hook.ts";

/** Stores a version; the existing one comes back when the agent has one of equal config. */
export function useCreateVersion(): LearningWrite<
  Omit<WithDefaults<CamelCased<CreateAgentVersion>, "origin">, "config"> & {
    agentId: string;
    /** As on the wire; what is left out takes its default. */
    config: Partial<CreateAgentVersion["config"]>;
  },
  CamelCased<AgentVersion>
> {
  return useWrite(
    (client, { agentId, ...body }) =>
      client.request<AgentVersion>("POST", path`/agents/${agentId}/versions`, { body }),
    ["versions"],
  );
}

export function useReviewVersion(): LearningWrite<
  CamelCased<ReviewAgentVersion> & { agentId: string; versionId: string },
  CamelCased<AgentVersionSummary>
> {
  return useWrite(
    (client, { agentId, versionId, ...body }) =>
      client.request<AgentVersionSummary>("POST", path`/agents/${agentId}/versions/${versionId}/review`, {
        body,
      }),
    ["versions", "rollouts"],
  );
}

export function useCreateRollout(): LearningWrite<
  WithDefaults<CamelCased<CreateRollout>, "environment">,
  CamelCased<RolloutDetails>
> {
  return useWrite(
    (client, body) => client.request<RolloutDetails>("POST", "/rollouts", { body }),
    ["rollouts", "stats", "serving"],
  );
}

export interface MoveRolloutInput {
  rolloutId: string;
  move: "start" | "pause" | "resume" | "abort";
  reason?: string | undefined;
}

export function useMoveRollout(): LearningWrite<MoveRolloutInput, CamelCased<Rollout>> {
  return useWrite(
    (client, { rolloutId, move, reason }) =>
      client.request<Rollout>("POST", path`/rollouts/${rolloutId}/${move}`, { body: { reason } }),
    ["rollouts", "stats", "serving"],
  );
}

/** Puts a version into service where none serves yet. */
export function useStartServing(): LearningWrite<
  WithDefaults<CamelCased<StartServing>, "environment"> & { agentId: string },
  CamelCased<ServingPointer>
> {
  return useWrite(
    (client, { agentId, ...body }) =>
      client.request<ServingPointer>("POST", path`/agents/${agentId}/serving`, { body }),
    ["serving"],
  );
}

/** Back to the version that served before. */
export function useRevertServing(): LearningWrite<
  WithDefaults<CamelCased<RevertServing>, "environment"> & { agentId: string },
  CamelCased<ServingPointer>
> {
  return useWrite(
    (client, { agentId, ...body }) =>
      client.request<ServingPointer>("POST", path`/agents/${agentId}/serving/revert`, { body }),
    ["serving", "rollouts"],
  );
}
