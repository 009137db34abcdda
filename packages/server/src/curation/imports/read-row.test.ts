import { DATASET_SPLITS, type ImportFormat } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { type DatasetItemContent, hashItem } from "../datasets/dataset-item.ts";
import { exportLines, type LineFormat } from "../datasets/export-line.ts";
import { readRow } from "./read-row.ts";

const read = (format: ImportFormat, row: unknown): ReturnType<typeof readRow> =>
  readRow(format, "my-agent", typeof row === "string" ? row : JSON.stringify(row));

const ITEM: DatasetItemContent = {
  learning_example_id: "0193b0a0-0000-7000-8000-000000000000",
  example_type: "correction",
  input_text: "Q",
  input_context: { a: 1 },
  original_output: "bad",
  expected_output: "good",
  output_a: null,
  output_b: null,
  preferred_output: null,
  preference_strength: null,
  domain: "tax",
  task_type: null,
  complexity: 2,
  jurisdictions: ["DE"],
  tags: [],
  quality_score: 0.9,
};

function exported(format: LineFormat, change: Partial<DatasetItemContent> = {}): string[] {
  const item = { ...ITEM, ...change };
  return exportLines(format, { position: 0, split: DATASET_SPLITS[0], item_hash: hashItem(item), item });
}

describe("what was exported reads back", () => {
  it("jsonl: the whole item", () => {
    expect(read("jsonl", exported("jsonl")[0])).toEqual({
      example: {
        agent_id: "my-agent",
        source_type: "import",
        example_type: "correction",
        input_text: "Q",
        input_context: { a: 1 },
        original_output: "bad",
        expected_output: "good",
        domain: "tax",
        complexity: 2,
        jurisdictions: ["DE"],
        tags: [],
      },
    });
  });

  it("jsonl: a preference, whose expected output follows", () => {
    const change = {
      example_type: "preference",
      output_a: "a",
      output_b: "b",
      preferred_output: "B",
      original_output: null,
      expected_output: "b",
    } as const;
    const [line] = exported("jsonl", change);
    expect(read("jsonl", line)).toMatchObject({ example: { preferred_output: "B", output_a: "a" } });
    expect(read("preference", exported("preference", change)[0])).toMatchObject({
      example: { example_type: "preference", output_a: "b", output_b: "a", preferred_output: "A" },
    });
  });

  it.each<LineFormat>(["chat", "sharegpt"])("%s: a demonstration", (format) => {
    expect(read(format, exported(format)[0])).toMatchObject({
      example: { example_type: "demonstration", input_text: "Q", expected_output: "good" },
    });
  });

  it("kto: what is desirable and what is not", () => {
    const [good, bad] = exported("kto").map((line) => read("kto", line));
    expect(good).toMatchObject({ example: { example_type: "positive", expected_output: "good" } });
    expect(bad).toMatchObject({ example: { example_type: "negative", original_output: "bad" } });
  });
});

it("a longer conversation keeps what was said before as context", () => {
  const messages = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "one" },
    { role: "assistant", content: "1" },
    { role: "user", content: "two" },
    { role: "assistant", content: "2" },
  ];
  expect(read("chat", { messages })).toMatchObject({
    example: { input_text: "two", expected_output: "2", input_context: { messages: messages.slice(0, 3) } },
  });
});

describe("a row that is no example says why", () => {
  it.each<[ImportFormat, unknown, string]>([
    ["jsonl", "{", "is not JSON"],
    ["jsonl", "[1]", "is not a JSON object"],
    ["jsonl", "null", "is not a JSON object"],
    ["jsonl", {}, "example_type"],
    ["jsonl", { example_type: "positive", input_text: "Q" }, "expected_output: is required"],
    [
      "jsonl",
      { example_type: "positive", input_text: "a\u0000b", expected_output: "x" },
      "input_text: contains a NUL",
    ],
    ["jsonl", { example_type: "positive", input_text: "Q", expected_output: "\ud800" }, "surrogate"],
    ["jsonl", '{"__proto__": {"a": 1}}', "not allowed"],
    ["jsonl", "[".repeat(10_000), "nested deeper"],
    ["jsonl", { position: 1, item: { erased: true } }, "was erased"],
    ["jsonl", { example_type: "positive", input_text: 5, expected_output: "x" }, "input_text"],
    ["chat", { messages: "no" }, 'no list "messages"'],
    ["chat", { messages: [{ role: "assistant", content: "a" }] }, "does not end with a question"],
    [
      "chat",
      {
        messages: [
          { role: "user", content: "a" },
          { role: "assistant", content: "" },
        ],
      },
      "expected_output",
    ],
    ["sharegpt", {}, 'no list "conversations"'],
    ["preference", { prompt: "Q", chosen: "a" }, "output_b"],
    ["kto", { prompt: "Q", completion: "a", label: "yes" }, '"label"'],
  ])("%s %j", (format, row, reason) => {
    const answer = read(format, row);
    expect(answer).toMatchObject({ reason: expect.stringContaining(reason) as string });
  });
});
