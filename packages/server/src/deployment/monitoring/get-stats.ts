import type { LearningStats } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { readActiveWork, readDailyCounts } from "./store.ts";
import { summariseStats } from "./summarise.ts";

/** The loop's health, for one agent or all. @throws ProblemError not-found */
export async function getStats({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agent?: string | undefined; days: number };
}): Promise<LearningStats> {
  const agentId = input.agent === undefined ? null : (await findAgent(ctx, input.agent, "query.agent_id")).id;
  const { today, counts } = await readDailyCounts(ctx, agentId, input.days);
  const active = await readActiveWork(ctx, agentId, input.days);
  return summariseStats({ agentId, days: input.days, today, counts, active });
}
