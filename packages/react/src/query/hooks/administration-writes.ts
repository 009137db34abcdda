"use client";
import type {
  AddMember,
  Agent,
  ApiKey,
  CreateAgent,
  CreateApiKey,
  Member,
  LearningBudget,
  Organization,
  SetLearningBudget,
  UpdateAgent,
  UpdateMember,
  UpdateOrganization,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import { path } from "../../client/path.ts";
import { type LearningWrite, useWrite } from "./define-hook.ts";

export function useCreateAgent(): LearningWrite<CamelCased<CreateAgent>, CamelCased<Agent>> {
  return useWrite((client, body) => client.request<Agent>("POST", "/agents", { body }), ["agents"]);
}

/** Changes an agent by compare-and-set on the version that was read. */
export function useUpdateAgent(): LearningWrite<
  CamelCased<UpdateAgent> & { agentId: string; version: number },
  CamelCased<Agent>
> {
  return useWrite(
    (client, { agentId, version, ...body }) =>
      client.request<Agent>("PATCH", path`/agents/${agentId}`, { body, ifMatch: version }),
    ["agents", "audit"],
  );
}

export function useUpdateOrganization(): LearningWrite<
  CamelCased<UpdateOrganization>,
  CamelCased<Organization>
> {
  return useWrite(
    (client, body) => client.request<Organization>("PATCH", "/organization", { body }),
    ["organization", "audit"],
  );
}

/** Sets what learning may spend: all limits, null for none. */
export function useSetLearningBudget(): LearningWrite<
  CamelCased<SetLearningBudget>,
  CamelCased<LearningBudget>
> {
  return useWrite(
    (client, body) => client.request<LearningBudget>("PUT", "/budget", { body }),
    ["organization", "audit"],
  );
}

export function useAddMember(): LearningWrite<CamelCased<AddMember>, CamelCased<Member>> {
  return useWrite(
    (client, body) => client.request<Member>("POST", "/members", { body }),
    ["members", "audit"],
  );
}

export function useUpdateMember(): LearningWrite<
  CamelCased<UpdateMember> & { userId: string },
  CamelCased<Member>
> {
  return useWrite(
    (client, { userId, ...body }) => client.request<Member>("PATCH", path`/members/${userId}`, { body }),
    ["members", "audit"],
  );
}

/** The answer holds the key itself, this one time. */
export function useCreateApiKey(): LearningWrite<
  CamelCased<CreateApiKey>,
  CamelCased<ApiKey & { key: string }>
> {
  return useWrite(
    (client, body) => client.request<ApiKey & { key: string }>("POST", "/api-keys", { body }),
    ["keys", "audit"],
  );
}

export function useRevokeApiKey(): LearningWrite<{ keyId: string }, CamelCased<ApiKey>> {
  return useWrite(
    (client, { keyId }) => client.request<ApiKey>("DELETE", path`/api-keys/${keyId}`),
    ["keys", "audit"],
  );
}

/** Erases what is known of a person; counts by table. */
export function useErasePerson(): LearningWrite<
  { userId: string },
  CamelCased<{ user_id: string; erased: Record<string, number> }>
> {
  return useWrite(
    (client, { userId }) => client.request("DELETE", path`/persons/${userId}`),
    ["feedback", "examples", "executions", "members", "audit"],
  );
}
