import type {
  Agent,
  ApiKey,
  AuditRecord,
  AuditVerification,
  LearningBudget,
  Member,
  Organization,
  RunSpending,
} from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";
import type { LearningClient } from "../../client/learning-client.ts";
import { path } from "../../client/path.ts";
import { type LearningListQuery, type LearningQuery, listQuery, readQuery } from "./define-query.ts";

export function agentListQuery(
  client: LearningClient,
  params: { archived?: boolean | undefined; limit?: number | undefined } = {},
): LearningListQuery<CamelCased<Agent>> {
  return listQuery<Agent>(client, "agents", "/agents", params);
}

/** An agent by id or slug. Its `config` stays as it is on the wire; its policy is camelCase. */
export function agentQuery(client: LearningClient, agentId: string): LearningQuery<CamelCased<Agent>> {
  return readQuery<Agent>(client, "agents", path`/agents/${agentId}`);
}

/** The caller's organization with its issue categories. */
export function organizationQuery(client: LearningClient): LearningQuery<CamelCased<Organization>> {
  return readQuery<Organization>(client, "organization", "/organization");
}

/** What the organization's learning may spend on language models, and what it spent. */
export function learningBudgetQuery(client: LearningClient): LearningQuery<CamelCased<LearningBudget>> {
  return readQuery<LearningBudget>(client, "organization", "/budget");
}

/** What runs spent on language models in the budget's period, newest first. */
export function runSpendingListQuery(
  client: LearningClient,
  params: { limit?: number | undefined } = {},
): LearningListQuery<CamelCased<RunSpending>> {
  return listQuery<RunSpending>(client, "training-runs", "/budget/runs", params);
}

export function memberListQuery(
  client: LearningClient,
  params: { limit?: number | undefined } = {},
): LearningListQuery<CamelCased<Member>> {
  return listQuery<Member>(client, "members", "/members", params);
}

export function apiKeyListQuery(
  client: LearningClient,
  params: { limit?: number | undefined } = {},
): LearningListQuery<CamelCased<ApiKey>> {
  return listQuery<ApiKey>(client, "keys", "/api-keys", params);
}

export interface AuditListParams {
  entityType?: string | undefined;
  entityId?: string | undefined;
  limit?: number | undefined;
}

export function auditListQuery(
  client: LearningClient,
  params: AuditListParams = {},
): LearningListQuery<CamelCased<AuditRecord>> {
  return listQuery<AuditRecord>(client, "audit", "/audit", params);
}

/** Whether the chain of hashes is intact. Reads every record: ask when a person wants to know. */
export function auditVerificationQuery(client: LearningClient): LearningQuery<CamelCased<AuditVerification>> {
  return readQuery<AuditVerification>(client, "audit", "/audit/verification");
}
