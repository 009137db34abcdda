import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

/** An approved demonstration's steps, as they are stored. */
export interface DemonstrationRow {
  id: string;
  contributor: string;
  calls: unknown;
}

/** Steps of the newest demonstrations that may be learned from; what is held back for distrust is not among them. */
export async function readDemonstrationSteps(
  ctx: TenantContext,
  agentId: string,
  minimumQuality: number,
  limit: number,
): Promise<DemonstrationRow[]> {
  const { rows } = await sql<DemonstrationRow>`
    SELECT id, COALESCE(source_user_id::text, 'nobody') AS contributor, input_context -> 'demonstration' -> 'steps' AS calls
    FROM learning_examples
    WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId} AND example_type = 'demonstration'
      AND review_status = 'approved' AND is_active AND quality_score >= ${minimumQuality}
      AND quarantine IS DISTINCT FROM 'held'
    ORDER BY id DESC LIMIT ${limit}`.execute(ctx.tx);
  return rows;
}

/** Tool calls of one run of the agent, and what people made of it. */
export interface AgentRunRow extends DemonstrationRow {
  /** Mean of the live votes, 0 to 1; null: nobody voted. */
  satisfaction: number | null;
}

/** The agent's newest runs in production that tell of their tool calls. */
export async function readAgentRuns(
  ctx: TenantContext,
  agentId: string,
  days: number,
  limit: number,
): Promise<AgentRunRow[]> {
  const { rows } = await sql<AgentRunRow>`
    SELECT e.id, e.contributor, e.calls, f.satisfaction
    FROM (SELECT id, COALESCE(unit_id, user_id::text, id::text) AS contributor, metadata -> 'tool_calls' AS calls
      FROM agent_executions
      WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId} AND environment = 'production'
        AND (metadata -> 'tool_calls') IS NOT NULL AND created_at >= learning_now() - make_interval(days => ${days}::int)
      ORDER BY created_at DESC, id DESC LIMIT ${limit}) AS e
    LEFT JOIN LATERAL (SELECT AVG(g.satisfaction)::float8 AS satisfaction FROM agent_feedback g
      WHERE g.organization_id = ${ctx.organizationId} AND g.execution_id = e.id AND g.status = 'live'
        AND g.satisfaction IS NOT NULL) AS f ON true`.execute(ctx.tx);
  return rows;
}

/** Which of these examples may be learned from as things are now, with their types. */
export async function readStillApproved(
  ctx: TenantContext,
  agentId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; example_type: string }>`
    SELECT x.id, x.example_type FROM learning_examples x
    WHERE x.organization_id = ${ctx.organizationId} AND x.id = ANY(${[...ids]}::uuid[]) AND x.agent_id = ${agentId}
      AND x.review_status = 'approved' AND x.is_active AND x.quarantine IS DISTINCT FROM 'held'`.execute(
    ctx.tx,
  );
  return new Map(rows.map((row) => [row.id, row.example_type]));
}
