import type { Environment, ServingPointer } from "@agent-learning/contract";
import type { Selectable } from "kysely";
import type { ServingPointersTable } from "../../database/schema.ts";

export function presentPointer(row: Selectable<ServingPointersTable>): ServingPointer {
  return {
    agent_id: row.agent_id,
    environment: row.environment as Environment,
    version_id: row.version_id,
    previous_version_id: row.previous_version_id,
    revision: row.revision,
    updated_at: row.updated_at.toISOString(),
  };
}
