import type { ExampleType, JsonValue } from "@agent-learning/contract";
import { createHash } from "node:crypto";
import { canonicalJson } from "../../administration/versions/index.ts";
import type { ExampleRow } from "../examples/index.ts";

/** What a dataset keeps of an example: its content at the time, without who it is from. */
export interface DatasetItemContent {
  learning_example_id: string;
  example_type: ExampleType;
  input_text: string;
  input_context: Record<string, JsonValue>;
  original_output: string | null;
  /** Empty: no expert has supplied one, and no supervised export takes it. */
  expected_output: string;
  output_a: string | null;
  output_b: string | null;
  preferred_output: "A" | "B" | null;
  preference_strength: number | null;
  domain: string | null;
  task_type: string | null;
  complexity: number | null;
  jurisdictions: string[];
  tags: string[];
  quality_score: number | null;
}

export function itemOf(row: ExampleRow): DatasetItemContent {
  return {
    learning_example_id: row.id,
    example_type: row.example_type as ExampleType,
    input_text: row.input_text,
    input_context: row.input_context as Record<string, JsonValue>,
    original_output: row.original_output,
    expected_output: row.expected_output,
    output_a: row.output_a,
    output_b: row.output_b,
    preferred_output: row.preferred_output as "A" | "B" | null,
    preference_strength: row.preference_strength,
    domain: row.domain,
    task_type: row.task_type,
    complexity: row.complexity,
    jurisdictions: (row.jurisdictions ?? []) as string[],
    tags: (row.tags ?? []) as string[],
    quality_score: row.quality_score,
  };
}

/** SHA-256 of the item's RFC 8785 canonical JSON, 64 hexadecimal digits. */
export function hashItem(item: DatasetItemContent): string {
  return createHash("sha256").update(canonicalJson(item)).digest("hex");
}

/** What is left of an item whose person was erased, and its hash: nothing of what it was. */
export const ERASED_ITEM: { readonly erased: true } = { erased: true };
export const ERASED_ITEM_HASH: string = createHash("sha256").update(canonicalJson(ERASED_ITEM)).digest("hex");

/** What a leaf of the dataset's Merkle tree covers: the item, and the split that it is in. */
export function merkleLeaf(itemHash: string, split: string): Buffer {
  return Buffer.from(`${itemHash} ${split}`);
}
