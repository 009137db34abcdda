import { type Selectable, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { MetricSourcesTable } from "../../database/schema.ts";

export type MetricSourceRow = Selectable<MetricSourcesTable>;

export async function selectSources(ctx: TenantContext, agentId: string): Promise<MetricSourceRow[]> {
  return ctx.tx
    .selectFrom("metric_sources")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .orderBy("metric")
    .execute();
}

/** Stores what a source says; `before` is its status until now. */
export async function upsertSource(
  ctx: TenantContext,
  values: Pick<MetricSourceRow, "agent_id" | "metric" | "status" | "reason" | "heartbeat_seconds">,
): Promise<{ row: MetricSourceRow; before: string | undefined }> {
  const known = await ctx.tx
    .selectFrom("metric_sources")
    .select("status")
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", values.agent_id)
    .where("metric", "=", values.metric)
    .forUpdate()
    .executeTakeFirst();
  const row = await ctx.tx
    .insertInto("metric_sources")
    .values({ organization_id: ctx.organizationId, ...values })
    .onConflict((conflict) =>
      conflict.columns(["organization_id", "agent_id", "metric"]).doUpdateSet({
        status: values.status,
        reason: values.reason,
        heartbeat_seconds: values.heartbeat_seconds,
        reported_at: sql<Date>`learning_now()`,
      }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  return { row, before: known?.status };
}
