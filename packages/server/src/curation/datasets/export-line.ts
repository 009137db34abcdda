import type { DatasetSplit, ExportFormat } from "@agent-learning/contract";
import { canonicalJson } from "../../administration/versions/index.ts";
import type { DatasetItemContent } from "./dataset-item.ts";

/** An item as its dataset holds it. An item whose person was erased has no content any more. */
export interface ExportItem {
  position: number;
  split: DatasetSplit;
  item_hash: string;
  item: DatasetItemContent | { erased: true };
}

function chat(item: DatasetItemContent): object | null {
  if (item.expected_output === "" || item.example_type === "preference") return null;
  return {
    messages: [
      { role: "user", content: item.input_text },
      { role: "assistant", content: item.expected_output },
    ],
  };
}

function preference(item: DatasetItemContent): object | null {
  if (item.example_type === "preference") {
    const { output_a, output_b, preferred_output } = item;
    if (output_a === null || output_b === null || preferred_output === null) return null;
    const [chosen, rejected] = preferred_output === "A" ? [output_a, output_b] : [output_b, output_a];
    return { prompt: item.input_text, chosen, rejected };
  }
  const { original_output: rejected, expected_output: chosen } = item;
  if (chosen === "" || rejected === null || rejected === "" || rejected === chosen) return null;
  return { prompt: item.input_text, chosen, rejected };
}

function kto(item: DatasetItemContent): object[] {
  const label = (completion: string | null, desirable: boolean): object[] =>
    completion === null || completion === ""
      ? []
      : [{ prompt: item.input_text, completion, label: desirable }];
  if (item.example_type === "preference") {
    const pair = preference(item) as { chosen: string; rejected: string } | null;
    return pair === null ? [] : [...label(pair.chosen, true), ...label(pair.rejected, false)];
  }
  const { original_output, expected_output } = item;
  const isWrong = item.example_type !== "positive" && original_output !== expected_output;
  return [...label(expected_output, true), ...(isWrong ? label(original_output, false) : [])];
}

function sharegpt(item: DatasetItemContent): object | null {
  if (item.expected_output === "" || item.example_type === "preference") return null;
  return {
    conversations: [
      { from: "human", value: item.input_text },
      { from: "gpt", value: item.expected_output },
    ],
  };
}

/** Formats that are made of lines; Parquet is not. */
export type LineFormat = Exclude<ExportFormat, "parquet">;

/**
 * The lines of an item in an export, as canonical JSON without line feeds; none when it has no place in the format.
 *
 * - `jsonl`: everything, with position, split and hash.
 * - `chat`: the input and the expected output as messages; items without an expected output and preferences are left out.
 * - `preference`: prompt, chosen, rejected, from preferences and from every item whose expected output differs from what
 *   the agent had answered.
 * - `kto`: prompt, completion, label (true: desirable); what was expected, and beside it what the agent had answered wrong.
 * - `sharegpt`: the same as `chat`, as conversations from human and gpt.
 */
export function exportLines(format: LineFormat, row: ExportItem): string[] {
  const { item } = row;
  if (format === "jsonl") {
    return [canonicalJson({ position: row.position, split: row.split, item_hash: row.item_hash, item })];
  }
  if ("erased" in item) return [];
  return contentOf(format, item).map((line) => canonicalJson(line));
}

function contentOf(format: Exclude<LineFormat, "jsonl">, item: DatasetItemContent): object[] {
  if (format === "kto") return kto(item);
  const line = { chat, preference, sharegpt }[format](item);
  return line === null ? [] : [line];
}
