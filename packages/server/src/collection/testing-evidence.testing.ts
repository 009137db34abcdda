import type { RecordExecution, SubmitFeedback } from "@agent-learning/contract";
import { sql } from "kysely";
import type { DatabaseConnection } from "../database/index.ts";
import { withTenant } from "../database/index.ts";

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
