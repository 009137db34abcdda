import type { Row } from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import { listDatasetItems } from "../../curation/datasets/index.ts";

/** Rows of one optimisation at most: what demonstrations are chosen from must fit in memory. */
export const MOST_ROWS = 20_000;

/** What of a frozen dataset the search may see, and what only the gate may. */
export interface DatasetRows {
  training: Row[];
  gate: Row[];
  /** Rows beyond the limit, left out: the newest stay. */
  leftOut: number;
}

/** Reads the supervised items of a dataset, page by page: train and validation for the search, test for the gate. */
export async function readDatasetRows(ctx: Context, datasetId: string): Promise<DatasetRows> {
  const [train, validation, gate] = [
    await readSplit(ctx, datasetId, "train"),
    await readSplit(ctx, datasetId, "validation"),
    await readSplit(ctx, datasetId, "test"),
  ];
  const training = [...train, ...validation];
  return {
    training: training.slice(-MOST_ROWS),
    gate: gate.slice(-MOST_ROWS),
    leftOut: Math.max(0, training.length - MOST_ROWS) + Math.max(0, gate.length - MOST_ROWS),
  };
}

async function readSplit(
  ctx: Context,
  datasetId: string,
  split: "train" | "validation" | "test",
): Promise<Row[]> {
  const rows: Row[] = [];
  let after = -1;
  for (;;) {
    const items = await ctx.transact((tenant) => listDatasetItems(tenant, datasetId, split, after));
    for (const item of items) {
      after = item.position;
      // A negative without an expected output teaches nothing that could be copied.
      if (item.expected_output !== "")
        rows.push({ id: item.learning_example_id, input: item.input_text, expected: item.expected_output });
    }
    if (items.length === 0) return rows;
  }
}
