import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { DatasetRow } from "./store.ts";

/** Says what an erasure left of a dataset; only the system role may. */
export async function reseal(ctx: TenantContext, id: string, contentHash: string): Promise<DatasetRow> {
  return ctx.tx
    .updateTable("training_datasets")
    .set({
      original_content_hash: sql`COALESCE(original_content_hash, content_hash)`,
      content_hash: contentHash,
      erased_items: sql<number>`(SELECT count(*)::int FROM training_dataset_items i
        WHERE i.organization_id = ${ctx.organizationId} AND i.dataset_id = ${id}::uuid AND i.item ? 'erased')`,
      status: "archived",
      revision: sql<number>`revision + 1`,
      updated_at: sql<Date>`learning_now()`,
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function hasSuccessor(ctx: TenantContext, id: string): Promise<boolean> {
  const row = await ctx.tx
    .selectFrom("training_datasets")
    .select("id")
    .where("organization_id", "=", ctx.organizationId)
    .where("supersedes_id", "=", id)
    .executeTakeFirst();
  return row !== undefined;
}

/** Copies the items that are not empty, with their places and splits, into a draft. */
export async function copyLeftItems(
  ctx: TenantContext,
  { fromId, toId }: { fromId: string; toId: string },
): Promise<void> {
  await sql`
    INSERT INTO training_dataset_items (organization_id, dataset_id, position, learning_example_id, split, group_key, item, item_hash)
    SELECT organization_id, ${toId}::uuid, position, learning_example_id, split, group_key, item, item_hash
    FROM training_dataset_items
    WHERE organization_id = ${ctx.organizationId} AND dataset_id = ${fromId} AND NOT item ? 'erased'`.execute(
    ctx.tx,
  );
}
