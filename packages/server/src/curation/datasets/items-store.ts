import type { DatasetSplit } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { ExportItem } from "./export-line.ts";

/** Items after a position, in order. */
export async function readItems(
  ctx: TenantContext,
  query: { datasetId: string; split: DatasetSplit | undefined; after: number; limit: number },
): Promise<ExportItem[]> {
  let items = ctx.tx
    .selectFrom("training_dataset_items")
    .select(["position", "split", "item_hash", "item"])
    .where("organization_id", "=", ctx.organizationId)
    .where("dataset_id", "=", query.datasetId)
    .where("position", ">", query.after);
  if (query.split !== undefined) items = items.where("split", "=", query.split);
  const rows = await items.orderBy("position").limit(query.limit).execute();
  return rows as unknown as ExportItem[];
}

/** Hashes and splits of the items after a position, in order: what the content hash covers. */
export async function readHashes(
  ctx: TenantContext,
  datasetId: string,
  after: number,
  limit: number,
): Promise<{ position: number; split: string; item_hash: string }[]> {
  return ctx.tx
    .selectFrom("training_dataset_items")
    .select(["position", "split", "item_hash"])
    .where("organization_id", "=", ctx.organizationId)
    .where("dataset_id", "=", datasetId)
    .where("position", ">", after)
    .orderBy("position")
    .limit(limit)
    .execute();
}

/** Counts one more use of the examples that a run learned from: the training and validation splits of its dataset. */
export async function countUse(ctx: TenantContext, datasetId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    UPDATE learning_examples x
    SET times_used_in_training = COALESCE(x.times_used_in_training, 0) + 1, last_used_at = learning_now()
    FROM (
      SELECT organization_id, learning_example_id FROM training_dataset_items
      WHERE organization_id = ${ctx.organizationId} AND dataset_id = ${datasetId} AND split <> 'test'
    ) AS used
    WHERE x.organization_id = used.organization_id AND x.id = used.learning_example_id`.execute(ctx.tx);
  return Number(numAffectedRows ?? 0n);
}
