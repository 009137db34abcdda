import type { DatasetSplit } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import type { DatasetItemContent } from "./dataset-item.ts";
import { countUse, readItems } from "./items-store.ts";

const PAGE = 1_000;

/** An item of a dataset: the example as it was when it was copied. */
export interface DatasetItem extends DatasetItemContent {
  position: number;
  split: DatasetSplit;
}

/**
 * Up to 1,000 items of one split after a position, in order; items of erased people are left out.
 * @param after -1 for the first page, then the last item's position
 */
export async function listDatasetItems(
  ctx: TenantContext,
  datasetId: string,
  split: DatasetSplit,
  after: number,
): Promise<DatasetItem[]> {
  for (let from = after; ;) {
    const rows = await readItems(ctx, { datasetId, split, after: from, limit: PAGE });
    const items = rows.flatMap(({ item, position }) =>
      "erased" in item ? [] : [{ ...item, position, split }],
    );
    from = rows.at(-1)?.position ?? from;
    // An empty page means the end to the caller: go on past a page of erased items.
    if (items.length > 0 || rows.length < PAGE) return items;
  }
}

/**
 * Notes that a training run used a dataset: `times_used_in_training` and `last_used_at` of the examples that it learned from,
 * which are those of the training and validation splits. Call it once for a run, in the transaction that ends it.
 * @returns how many examples
 */
export async function markExamplesUsed(ctx: TenantContext, datasetId: string): Promise<number> {
  return countUse(ctx, datasetId);
}
