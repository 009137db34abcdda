import type { DatasetExportQuery } from "@agent-learning/contract";
import type { Context } from "../../context.ts";
import { conflict, notFound } from "../../http/index.ts";
import { type ExportItem, exportLines, type LineFormat } from "./export-line.ts";
import { readItems } from "./items-store.ts";
import { parquetChunks } from "./parquet.ts";
import { type DatasetRow, readDataset } from "./store.ts";

const PAGE = 500;

export interface DatasetExport {
  dataset: DatasetRow;
  /** The file, a page of items at a time, each page read in a transaction of its own. */
  chunks: AsyncGenerator<string | Buffer>;
}

async function* pagesOf(
  ctx: Context,
  datasetId: string,
  { split }: DatasetExportQuery,
): AsyncGenerator<ExportItem[]> {
  for (let after = -1; ;) {
    const from = after;
    const rows = await ctx.transact((tenant) =>
      readItems(tenant, { datasetId, split, after: from, limit: PAGE }),
    );
    if (rows.length > 0) yield rows;
    after = rows.at(-1)?.position ?? after;
    if (rows.length < PAGE) return;
  }
}

async function* linesOf(pages: AsyncGenerator<ExportItem[]>, format: LineFormat): AsyncGenerator<string> {
  for await (const rows of pages) {
    const lines = rows.flatMap((row) => exportLines(format, row));
    if (lines.length > 0) yield `${lines.join("\n")}\n`;
  }
}

/**
 * The items of a frozen dataset in their order, as JSON lines or Parquet: the same bytes every time.
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
  const pages = pagesOf(ctx, dataset.id, input);
  const chunks = input.format === "parquet" ? parquetChunks(pages) : linesOf(pages, input.format);
  return { dataset, chunks };
}
