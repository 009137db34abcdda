import { sql } from "kysely";
import type { TenantContext } from "../../../context.ts";

/** Agents with a frozen dataset whose policy lets the server propose runs. */
export async function readMonthlyAgents(ctx: TenantContext): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM agents a WHERE organization_id = ${ctx.organizationId} AND archived_at IS NULL
      AND COALESCE(policy -> 'fine_tuning' ->> 'mode', 'monthly') = 'monthly'
      AND EXISTS (SELECT 1 FROM training_datasets d WHERE d.organization_id = a.organization_id AND d.agent_id = a.id
        AND d.status = 'frozen') ORDER BY id`.execute(ctx.tx);
  return rows.map(({ id }) => id);
}

/** Whether a run of fine-tuning was drafted, by whomever, within so many hours. */
export async function hasRecentRun(ctx: TenantContext, agentId: string, hours: number): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT EXISTS (SELECT 1 FROM training_runs WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
      AND training_type IN ('supervised_fine_tuning', 'dpo', 'rlhf', 'lora')
      AND created_at > learning_now() - make_interval(secs => ${hours * 3_600})) AS found`.execute(ctx.tx);
  return rows[0]?.found ?? false;
}

/** The base, dataset and phase of the agent's last run of fine-tuning. */
export async function readLastRun(
  ctx: TenantContext,
  agentId: string,
): Promise<{ dataset_id: string | null; phase: string | null } | undefined> {
  const { rows } = await sql<{ dataset_id: string | null; phase: string | null }>`
    SELECT dataset_id, phase FROM training_runs WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
      AND training_type IN ('supervised_fine_tuning', 'dpo', 'rlhf', 'lora') ORDER BY created_at DESC LIMIT 1`.execute(
    ctx.tx,
  );
  return rows[0];
}
