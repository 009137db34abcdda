import type { TenantContext } from "../../context.ts";

/** Who drafted and who started the run that made a version. */
export async function selectRunPeople(ctx: TenantContext, runId: string): Promise<(string | null)[]> {
  const row = await ctx.tx
    .selectFrom("training_runs")
    .select(["created_by", "launched_by"])
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", runId)
    .executeTakeFirst();
  return row === undefined ? [] : [row.created_by, row.launched_by];
}
