import type { DatasetChange, DatasetDiff, DatasetDifference } from "@agent-learning/contract";
import { type RawBuilder, sql } from "kysely";
import type { TenantContext } from "../../context.ts";

export type DifferenceRow = DatasetDifference;

interface Pair {
  id: string;
  againstId: string;
}

/** Items of both datasets side by side, by example. */
function sideBySide(ctx: TenantContext, { id, againstId }: Pair): RawBuilder<unknown> {
  const items = (of: string): RawBuilder<unknown> => sql`(
    SELECT learning_example_id, split, item_hash, item FROM training_dataset_items
    WHERE organization_id = ${ctx.organizationId} AND dataset_id = ${of}::uuid)`;
  return sql`
    SELECT COALESCE(n.learning_example_id, o.learning_example_id) AS learning_example_id,
      CASE WHEN o.learning_example_id IS NULL THEN 'added' WHEN n.learning_example_id IS NULL THEN 'removed'
        WHEN n.item_hash <> o.item_hash THEN 'changed' WHEN n.split <> o.split THEN 'moved' ELSE 'unchanged' END AS change,
      o.split AS split_before, n.split AS split, o.item AS item_before, n.item AS item
    FROM ${items(id)} n FULL JOIN ${items(againstId)} o ON o.learning_example_id = n.learning_example_id`;
}

/** How many examples differ, and how. */
export async function countDifferences(ctx: TenantContext, pair: Pair): Promise<DatasetDiff["counts"]> {
  const { rows } = await sql<{ change: keyof DatasetDiff["counts"]; examples: number }>`
    SELECT change, count(*)::int AS examples FROM (${sideBySide(ctx, pair)}) AS both_sides GROUP BY change`.execute(
    ctx.tx,
  );
  const counts = { added: 0, removed: 0, changed: 0, moved: 0, unchanged: 0 };
  for (const { change, examples } of rows) counts[change] = examples;
  return counts;
}

/** Examples that differ, by id. */
export async function readDifferences(
  ctx: TenantContext,
  pair: Pair,
  page: { change: DatasetChange | undefined; afterId: string | undefined; limit: number },
): Promise<DifferenceRow[]> {
  const change = page.change === undefined ? sql`change <> 'unchanged'` : sql`change = ${page.change}`;
  const after = page.afterId === undefined ? sql`` : sql`AND learning_example_id > ${page.afterId}::uuid`;
  const { rows } = await sql<DifferenceRow>`
    SELECT learning_example_id, change, split_before, split,
      COALESCE(item->>'input_text', item_before->>'input_text') AS input_text,
      item_before->>'expected_output' AS expected_output_before, item->>'expected_output' AS expected_output
    FROM (${sideBySide(ctx, pair)}) AS both_sides WHERE ${change} ${after}
    ORDER BY learning_example_id LIMIT ${page.limit}`.execute(ctx.tx);
  return rows;
}
