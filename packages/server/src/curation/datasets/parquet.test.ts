import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { type DatasetItemContent, hashItem } from "./dataset-item.ts";
import type { ExportItem } from "./export-line.ts";
import { parquetChunks } from "./parquet.ts";

function rowOf(position: number): ExportItem {
  const item: DatasetItemContent = {
    learning_example_id: `0193b0a0-0000-7000-8000-${String(position).padStart(12, "0")}`,
    example_type: "correction",
    input_text: `Frage ${position} – „Umsatzsteuer“`,
    input_context: { b: [1, null], a: "x" },
    original_output: position % 2 === 0 ? null : "bad",
    expected_output: "good",
    output_a: null,
    output_b: null,
    preferred_output: null,
    preference_strength: null,
    domain: "tax",
    task_type: null,
    complexity: position % 5 === 0 ? 3 : null,
    jurisdictions: ["DE", "AT"],
    tags: [],
    quality_score: position / 100_000,
  };
  return { position, split: "train", item_hash: hashItem(item), item };
}

async function* pagesOf(rows: readonly ExportItem[], size: number): AsyncGenerator<ExportItem[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}

async function write(rows: readonly ExportItem[], size = 100): Promise<Buffer[]> {
  return Array.fromAsync(parquetChunks(pagesOf(rows, size)));
}

async function read(chunks: readonly Buffer[]): Promise<Record<string, unknown>[]> {
  const bytes = new Uint8Array(Buffer.concat(chunks));
  return parquetReadObjects({ file: bytes.buffer });
}

describe("a dataset as Parquet", () => {
  it("reads back as it was, in several row groups", async () => {
    const rows = Array.from({ length: 2_345 }, (_, position) => rowOf(position));
    const chunks = await write(rows);
    expect(chunks.length).toBeGreaterThan(2);
    const found = await read(chunks);
    expect(found).toHaveLength(rows.length);
    for (const position of [0, 1, 999, 2_344]) {
      const { item, ...place } = rowOf(position);
      expect(found[position]).toEqual({ ...place, ...item });
    }
  });

  it("is the same bytes every time, and a file when there is nothing in it", async () => {
    const rows = [rowOf(1), rowOf(2)];
    expect(Buffer.concat(await write(rows))).toEqual(Buffer.concat(await write(rows)));
    expect(await read(await write([]))).toEqual([]);
  });

  it("keeps the place of an erased item", async () => {
    const [found] = await read(await write([{ ...rowOf(7), item: { erased: true } }]));
    expect(found).toMatchObject({ position: 7, item_hash: rowOf(7).item_hash, input_text: null, tags: null });
  });
});
