import type { Line } from "./read-lines.ts";
import { unprocessable } from "../../http/index.ts";

/** Rows that are decoded together. */
const WINDOW = 500;

/**
 * The rows of a Parquet file as JSON text, a window at a time.
 * @throws ProblemError unprocessable for a file that is no Parquet file, or is written in a way that cannot be read
 */
export async function* readParquet(path: string): AsyncGenerator<Line> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await import("hyparquet");
  const file = await asyncBufferFromFile(path);
  try {
    const metadata = await parquetMetadataAsync(file);
    const rows = Number(metadata.num_rows);
    for (let start = 0; start < rows; start += WINDOW) {
      const rowEnd = Math.min(rows, start + WINDOW);
      const window = await parquetReadObjects({ file, metadata, rowStart: start, rowEnd });
      for (const [index, row] of window.entries()) {
        yield { line: start + index + 1, text: JSON.stringify(row, plainValue) };
      }
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw unprocessable("body", `is not a Parquet file that can be read: ${message}`);
  }
}

function plainValue(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
