import { sql } from "kysely";
import type { VersionRow } from "../../administration/versions/index.ts";
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

/** Stores a review; the rest of a version never changes. */
export async function updateReview(
  ctx: TenantContext,
  id: string,
  review: { status: "approved" | "rejected"; reviewedBy: string; notes: string | null },
): Promise<VersionRow> {
  const row = await ctx.tx
    .updateTable("agent_versions")
    .set({
      review_status: review.status,
      reviewed_by: review.reviewedBy,
      reviewed_at: sql<Date>`learning_now()`,
      review_notes: review.notes,
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return row as unknown as VersionRow;
}
