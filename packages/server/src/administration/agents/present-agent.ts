import { type Agent, agentLearningConfig, agentPolicy } from "@agent-learning/contract";
import type { Selectable } from "kysely";
import type { AgentsTable } from "../../database/schema.ts";

/** A row as the wire shows it. Stored settings are parsed, so that rows from before a new setting get its default. */
export function presentAgent(row: Selectable<AgentsTable>): Agent {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    config: agentLearningConfig.parse(row.config),
    policy: agentPolicy.parse(row.policy),
    version: row.version,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    archived_at: row.archived_at?.toISOString() ?? null,
  };
}
