import type { JsonValue } from "@agent-learning/contract";
import { canonicalJson } from "../../administration/versions/index.ts";
import type { DatasetItemContent } from "./dataset-item.ts";
import type { ExportItem } from "./export-line.ts";

type Cell = JsonValue;

interface Column {
  name: string;
  type: "INT32" | "DOUBLE" | "BYTE_ARRAY";
  converted?: "UTF8" | "JSON";
  required?: boolean;
  of: (row: ExportItem, item: DatasetItemContent | undefined) => Cell;
}

const text = (name: keyof DatasetItemContent): Column => ({
  name,
  type: "BYTE_ARRAY",
  converted: "UTF8",
  of: (_row, item) => (item?.[name] ?? null) as string | null,
});
const json = (name: keyof DatasetItemContent): Column => ({
  name,
  type: "BYTE_ARRAY",
  converted: "JSON",
  // The writer makes the text; keys in canonical order make it the same text every time.
  of: (_row, item) => (item === undefined ? null : (JSON.parse(canonicalJson(item[name])) as JsonValue)),
});

/** The columns of a dataset in Parquet: an item's place, hash and content. Lists and objects are JSON. */
const COLUMNS: readonly Column[] = [
  { name: "position", type: "INT32", required: true, of: (row) => row.position },
  { name: "split", type: "BYTE_ARRAY", converted: "UTF8", required: true, of: (row) => row.split },
  { name: "item_hash", type: "BYTE_ARRAY", converted: "UTF8", required: true, of: (row) => row.item_hash },
  text("learning_example_id"),
  text("example_type"),
  text("input_text"),
  json("input_context"),
  text("original_output"),
  text("expected_output"),
  text("output_a"),
  text("output_b"),
  text("preferred_output"),
  {
    name: "preference_strength",
    type: "INT32",
    of: (_row, item) => item?.preference_strength ?? null,
  },
  text("domain"),
  text("task_type"),
  { name: "complexity", type: "INT32", of: (_row, item) => item?.complexity ?? null },
  json("jurisdictions"),
  json("tags"),
  { name: "quality_score", type: "DOUBLE", of: (_row, item) => item?.quality_score ?? null },
];

const SCHEMA = [
  { name: "dataset", num_children: COLUMNS.length },
  ...COLUMNS.map(({ name, type, converted, required }) => ({
    name,
    type,
    repetition_type: required === true ? ("REQUIRED" as const) : ("OPTIONAL" as const),
    ...(converted === undefined ? {} : { converted_type: converted }),
  })),
];

/** Pages that share a row group: small groups are slow to read, large ones are held in memory. */
const PAGES_PER_GROUP = 10;

/** The items as a Parquet file, a row group at a time; the content of an erased item is null. The same bytes for the same items. */
export async function* parquetChunks(pages: AsyncIterable<readonly ExportItem[]>): AsyncGenerator<Buffer> {
  const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: SCHEMA, createdBy: "agent-learning-system" });
  const take = (): Buffer => {
    const chunk = Buffer.from(bytes.getBytes());
    bytes.index = 0;
    return chunk;
  };
  let group: ExportItem[] = [];
  let held = 0;
  const writeGroup = async (): Promise<void> => {
    const columnData = COLUMNS.map(({ name, of }) => ({
      name,
      data: group.map((row) => of(row, "erased" in row.item ? undefined : row.item)),
    }));
    await writer.write({ columnData, rowGroupSize: group.length });
    group = [];
    held = 0;
  };
  for await (const page of pages) {
    group = [...group, ...page];
    held += 1;
    if (held < PAGES_PER_GROUP) continue;
    await writeGroup();
    yield take();
  }
  if (group.length > 0) await writeGroup();
  await writer.finish();
  yield take();
}
