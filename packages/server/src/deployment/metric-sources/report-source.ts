import type { MetricSource, ReportMetricSource } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/find-agent.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import { presentSource } from "./present-source.ts";
import { upsertSource } from "./store.ts";

/** How the source of an agent's metric is. Heartbeats are not audited; a change between healthy and failing is. */
export async function reportSource({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agent: string; metric: string; report: ReportMetricSource };
}): Promise<MetricSource> {
  const agent = await findAgent(ctx, input.agent, "path.agentId");
  const { status, reason, heartbeat_seconds } = input.report;
  const { row, before } = await upsertSource(ctx, {
    agent_id: agent.id,
    metric: input.metric,
    status,
    reason: reason ?? null,
    heartbeat_seconds: heartbeat_seconds ?? null,
  });
  if (before !== status) {
    await writeAudit(ctx, {
      action: `metric_source.${status}`,
      entityType: "agent",
      entityId: agent.id,
      data: { metric: input.metric, reason: reason ?? null, heartbeat_seconds: heartbeat_seconds ?? null },
    });
  }
  return presentSource(row, await learningNow(ctx.tx));
}
