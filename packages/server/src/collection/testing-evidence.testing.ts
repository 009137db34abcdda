import type { RecordExecution, SubmitFeedback } from "@agent-learning/contract";
import { sql } from "kysely";
import type { DatabaseConnection } from "../database/index.ts";
import { json, withTenant } from "../database/index.ts";
import { newId } from "../new-id.ts";

/** What a list answers. */
export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/** What a refusal answers. */
export interface Problem {
  type: string;
  detail: string;
  errors: { path: string; message: string }[];
}

/** An execution of `my-agent` on the wire. */
export function anExecution(id: string, change: Partial<RecordExecution> = {}): RecordExecution {
  return {
    agent_id: "my-agent",
    execution_id: id,
    input_text: "How do I file a VAT return?",
    output_text: "Like this.",
    status: "succeeded",
    ...change,
  };
}

/** A thumbs-up on the wire. */
export function aVote(executionId: string, change: Partial<SubmitFeedback> = {}): SubmitFeedback {
  return {
    agent_id: "my-agent",
    execution_id: executionId,
    user_id: "user-1",
    feedback_type: "thumbs_up",
    ...change,
  };
}

/** A version of an agent, straight into the table. */
export async function createTestVersion(
  database: DatabaseConnection,
  organizationId: string,
  agentId: string,
): Promise<string> {
  const id = newId();
  await withTenant(database.kysely, organizationId, (tx) =>
    tx
      .insertInto("agent_versions")
      .values({
        organization_id: organizationId,
        id,
        agent_id: agentId,
        number: 1,
        content_hash: id,
        config: json({}),
        origin: "manual",
      })
      .execute(),
  );
  return id;
}

/** All counters of an organization, shards added up, as `agent day metric` → [count, sum, sum of squares]; zeros left out. */
export async function readAllCounters(
  database: DatabaseConnection,
  organizationId: string,
): Promise<Map<string, [number, number, number]>> {
  const { rows } = await withTenant(database.kysely, organizationId, (tx) =>
    sql<{ name: string; count: number; sum: number; squares: number }>`
      SELECT agent_id || ' ' || day || ' ' || metric AS name, SUM(count)::bigint AS count, SUM(sum) AS sum,
        SUM(sum_squares) AS squares
      FROM agent_daily_statistics GROUP BY 1 ORDER BY 1`.execute(tx),
  );
  return new Map(
    rows
      .filter((row) => row.count !== 0 || row.sum !== 0 || row.squares !== 0)
      .map((row) => [row.name, [row.count, row.sum, row.squares]]),
  );
}
