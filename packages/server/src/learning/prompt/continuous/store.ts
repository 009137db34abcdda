import type { AgentPolicy } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../../context.ts";

/** Agents whose policy says `continuous`. */
export async function readContinuousAgents(ctx: TenantContext): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM agents WHERE organization_id = ${ctx.organizationId} AND archived_at IS NULL
      AND policy -> 'prompt_learning' ->> 'mode' = 'continuous' ORDER BY id`.execute(ctx.tx);
  return rows.map(({ id }) => id);
}

/** The agent, held until the transaction ends; undefined while somebody else holds it. */
export async function holdAgent(
  ctx: TenantContext,
  agentId: string,
): Promise<{ slug: string; policy: unknown; config: unknown } | undefined> {
  return ctx.tx
    .selectFrom("agents")
    .select(["slug", "policy", "config"])
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", agentId)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

/** Whether a run of prompt learning is open, or was started a short time ago. */
export async function hasRecentRun(ctx: TenantContext, agentId: string, hours: number): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT EXISTS (SELECT 1 FROM training_runs WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
        AND training_type = 'prompt_optimization' AND status IN ('pending', 'running', 'paused'))
      OR EXISTS (SELECT 1 FROM training_runs WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
        AND training_type = 'prompt_optimization' AND created_at > learning_now() - make_interval(secs => ${hours * 3_600})) AS found`.execute(
    ctx.tx,
  );
  return rows[0]?.found ?? false;
}

/**
 * Examples that may be learned from and were approved after the start of the last run that ended well, up to a number: more need not be
 * counted. A run that failed or was cancelled has learned from nothing.
 */
export async function countNewExamples(
  ctx: TenantContext,
  agentId: string,
  policy: AgentPolicy,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT COUNT(*)::int AS count FROM (
      SELECT 1 FROM learning_examples x
      WHERE x.organization_id = ${ctx.organizationId} AND x.agent_id = ${agentId} AND x.review_status = 'approved'
        AND x.is_active AND x.expected_output <> '' AND x.quality_score >= ${policy.training.min_quality_score}
        AND x.quarantine IS DISTINCT FROM 'held'
        AND x.reviewed_at > COALESCE((SELECT r.created_at FROM training_runs r
          WHERE r.organization_id = ${ctx.organizationId} AND r.agent_id = ${agentId}
            AND r.training_type = 'prompt_optimization' AND r.status = 'completed' ORDER BY r.created_at DESC LIMIT 1), '-infinity')
      LIMIT ${policy.prompt_learning.min_new_examples}) fresh`.execute(ctx.tx);
  return rows[0]?.count ?? 0;
}
