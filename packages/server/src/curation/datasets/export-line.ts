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

/**
 * One line of an export, as canonical JSON without a line feed, or null when the item has no place in the format.
 *
 * - `jsonl`: everything, with position, split and hash.
 * - `chat`: the input and the expected output as messages; items without an expected output and preferences are left out.
 * - `preference`: prompt, chosen, rejected, from preferences and from every item whose expected output differs from what
 *   the agent had answered.
 */
export function exportLine(format: ExportFormat, row: ExportItem): string | null {
  const { item } = row;
  if (format === "jsonl")
    return canonicalJson({ position: row.position, split: row.split, item_hash: row.item_hash, item });
  if ("erased" in item) return null;
  const line = format === "chat" ? chat(item) : preference(item);
  return line === null ? null : canonicalJson(line);
}
