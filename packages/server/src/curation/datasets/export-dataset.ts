import type { DatasetExportQuery } from "@agent-learning/contract";
import type { Context } from "../../context.ts";
import { conflict, notFound } from "../../http/index.ts";
import { exportLine } from "./export-line.ts";
import { readItems } from "./items-store.ts";
import { type DatasetRow, readDataset } from "./store.ts";

const PAGE = 500;

export interface DatasetExport {
  dataset: DatasetRow;
  /** Lines with their line feeds, a page at a time, each read in a transaction of its own. */
  chunks: AsyncGenerator<string>;
}

async function* chunksOf(ctx: Context, datasetId: string, query: DatasetExportQuery): AsyncGenerator<string> {
  for (let after = -1; ;) {
    const from = after;
    const rows = await ctx.transact((tenant) =>
      readItems(tenant, { datasetId, split: query.split, after: from, limit: PAGE }),
    );
    const lines = rows.map((row) => exportLine(query.format, row)).filter((line) => line !== null);
    if (lines.length > 0) yield `${lines.join("\n")}\n`;
    after = rows.at(-1)?.position ?? after;
    if (rows.length < PAGE) return;
  }
}

/**
 * The items of a frozen dataset as JSON lines, in their order: the same bytes every time.
 * @throws ProblemError not-found, conflict for a draft
 */
export async function exportDataset(
  ctx: Context,
  input: DatasetExportQuery & { datasetId: string },
): Promise<DatasetExport> {
  const dataset = await ctx.transact((tenant) => readDataset(tenant, input.datasetId));
  if (dataset === undefined) throw notFound("dataset", input.datasetId, "path.datasetId");
  if (dataset.content_hash === null)
    throw conflict("The dataset is a draft: what it holds may still change. Freeze it first.");
  return { dataset, chunks: chunksOf(ctx, dataset.id, input) };
}
