import { describe, expect, it } from "vitest";
import { type DatasetItemContent, hashItem } from "./dataset-item.ts";
import { type ExportItem, exportLines, type LineFormat } from "./export-line.ts";

/** The only line, or null. */
const exportLine = (format: LineFormat, of: ExportItem): string | null => exportLines(format, of)[0] ?? null;

const item: DatasetItemContent = {
  learning_example_id: "0193b0a0-0000-7000-8000-000000000000",
  example_type: "correction",
  input_text: "Q",
  input_context: { z: 1, a: { c: 2, b: 3 } },
  original_output: "bad",
  expected_output: "good",
  output_a: null,
  output_b: null,
  preferred_output: null,
  preference_strength: null,
  domain: null,
  task_type: null,
  complexity: null,
  jurisdictions: [],
  tags: [],
  quality_score: 0.9,
};

function row(change: Partial<DatasetItemContent> = {}): ExportItem {
  const content = { ...item, ...change };
  return { position: 3, split: "train", item_hash: hashItem(content), item: content };
}

const PREFERENCE: Partial<DatasetItemContent> = {
  example_type: "preference",
  original_output: null,
  output_a: "a",
  output_b: "b",
  preferred_output: "B",
  expected_output: "b",
};

describe("the lines of an export", () => {
  it("chat: input and expected output", () => {
    expect(exportLine("chat", row())).toBe(
      '{"messages":[{"content":"Q","role":"user"},{"content":"good","role":"assistant"}]}',
    );
  });

  it("chat: nothing without an expected output, whatever the type, and no preferences", () => {
    for (const example_type of ["negative", "failure", "edge_case", "correction"] as const)
      expect(exportLine("chat", row({ example_type, expected_output: "" }))).toBeNull();
    expect(exportLine("chat", row(PREFERENCE))).toBeNull();
  });

  it("chat: a negative for which an expert supplied the output", () => {
    expect(exportLine("chat", row({ example_type: "negative" }))).toContain('"good"');
  });

  it("preference: what is expected over what was answered", () => {
    expect(exportLine("preference", row())).toBe('{"chosen":"good","prompt":"Q","rejected":"bad"}');
    expect(exportLine("preference", row(PREFERENCE))).toBe('{"chosen":"b","prompt":"Q","rejected":"a"}');
    expect(exportLine("preference", row({ ...PREFERENCE, preferred_output: "A" }))).toBe(
      '{"chosen":"a","prompt":"Q","rejected":"b"}',
    );
  });

  it("preference: nothing where there is nothing to prefer", () => {
    for (const change of [
      { expected_output: "" },
      { original_output: null },
      { original_output: "" },
      { original_output: "good" },
    ])
      expect(exportLine("preference", row(change))).toBeNull();
  });

  it.each<[string, Partial<DatasetItemContent>, unknown[]]>([
    [
      "a correction: what was expected, and what was wrong",
      {},
      [
        ["good", true],
        ["bad", false],
      ],
    ],
    [
      "a positive: what was answered",
      { example_type: "positive", original_output: "good" },
      [["good", true]],
    ],
    ["a positive that an expert edited", { example_type: "positive" }, [["good", true]]],
    ["a negative that nobody corrected", { example_type: "negative", expected_output: "" }, [["bad", false]]],
    [
      "a preference",
      PREFERENCE,
      [
        ["b", true],
        ["a", false],
      ],
    ],
    ["nothing to say", { example_type: "failure", expected_output: "", original_output: null }, []],
  ])("kto: %s", (_name, change, expected) => {
    const lines = exportLines("kto", row(change)).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ completion, label }) => [completion, label])).toEqual(expected);
    expect(lines.every(({ prompt }) => prompt === "Q")).toBe(true);
  });

  it("sharegpt: human and gpt", () => {
    expect(exportLine("sharegpt", row())).toBe(
      '{"conversations":[{"from":"human","value":"Q"},{"from":"gpt","value":"good"}]}',
    );
    expect(exportLine("sharegpt", row({ expected_output: "" }))).toBeNull();
    expect(exportLine("sharegpt", row(PREFERENCE))).toBeNull();
  });

  it("jsonl: everything, the item being what the hash covers", () => {
    const line = exportLine("jsonl", row()) ?? "";
    const read = JSON.parse(line) as ExportItem;
    expect(read).toEqual(row());
    expect(hashItem(read.item as DatasetItemContent)).toBe(read.item_hash);
    expect(line.indexOf('"a":{"b":3,"c":2}')).toBeGreaterThan(0);
  });

  it("keeps the place of an erased item in jsonl, and leaves it out elsewhere", () => {
    const erased: ExportItem = { ...row(), item: { erased: true } };
    expect(exportLine("jsonl", erased)).toContain('"item":{"erased":true}');
    expect(exportLine("chat", erased)).toBeNull();
    expect(exportLine("preference", erased)).toBeNull();
  });
});
