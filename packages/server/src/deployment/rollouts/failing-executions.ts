import type { Guardrail } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

const SHOWN = 20;

/** The first executions of the candidate that speak against it: what a person looks at. Ids only. */
export async function selectFailingExecutions(
  ctx: TenantContext,
  rolloutId: string,
  trigger: Guardrail,
  latencyLimit: number | null,
): Promise<string[]> {
  const against = {
    error_rate: sql`e.status = 'failed'`,
    satisfaction: sql`EXISTS (SELECT 1 FROM agent_feedback f WHERE f.organization_id = e.organization_id
      AND f.execution_id = e.id AND f.status = 'live' AND f.satisfaction < 0.5)`,
    latency: sql`e.latency_ms > ${latencyLimit}`,
  }[trigger];
  const { rows } = await sql<{ id: string }>`
    SELECT e.id FROM agent_executions e
    WHERE e.organization_id = ${ctx.organizationId} AND e.rollout_id = ${rolloutId} AND e.arm = 'candidate' AND ${against}
    ORDER BY e.created_at, e.id LIMIT ${SHOWN}`.execute(ctx.tx);
  return rows.map((row) => row.id);
}
