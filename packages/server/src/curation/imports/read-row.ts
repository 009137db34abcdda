import {
  type CreateLearningExample,
  createLearningExample,
  type ExampleType,
  type ImportFormat,
  type JsonValue,
} from "@agent-learning/contract";
import { parseJsonBody, ProblemError } from "../../http/index.ts";

type Fields = Record<string, unknown>;
type Draft = Omit<CreateLearningExample, "agent_id">;

/** A row that is an example, or why it is none. */
export type ImportedRow = { example: CreateLearningExample } | { reason: string };

/** Fields of an item that say where it was, not what it is. */
const NOT_CONTENT = ["learning_example_id", "position", "split", "item_hash", "quality_score"];

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A line of `jsonl`: an exported item, or an example as the API takes it. What is null is left out. */
function item(row: Fields): Draft {
  const content = isFields(row["item"]) ? row["item"] : row;
  const kept = Object.entries(content).filter(
    ([name, value]) => value !== null && value !== undefined && !NOT_CONTENT.includes(name),
  );
  const example = Object.fromEntries(kept) as unknown as Draft;
  // It follows from the preferred output.
  if (example.example_type === "preference") delete (example as Fields)["expected_output"];
  return example;
}

interface Turn {
  role: unknown;
  text: unknown;
}

/** The last question and its answer; what was said before is the context. */
function conversation(turns: readonly Turn[]): Draft {
  const answer = turns.at(-1);
  const question = turns.at(-2);
  if (answer?.role !== "assistant" || question?.role !== "user")
    throw new TypeError("does not end with a question of the user and an answer of the assistant");
  const before = turns.slice(0, -2).map(({ role, text }) => ({ role, content: text }) as JsonValue);
  return {
    example_type: "demonstration",
    input_text: question.text as string,
    expected_output: answer.text as string,
    ...(before.length > 0 ? { input_context: { messages: before } } : {}),
  };
}

function chat({ messages }: Fields): Draft {
  if (!Array.isArray(messages)) throw new TypeError('has no list "messages"');
  return conversation(messages.filter(isFields).map(({ role, content }) => ({ role, text: content })));
}

const SHAREGPT_ROLES: Readonly<Record<string, string>> = {
  human: "user",
  user: "user",
  gpt: "assistant",
  assistant: "assistant",
};

function sharegpt({ conversations }: Fields): Draft {
  if (!Array.isArray(conversations)) throw new TypeError('has no list "conversations"');
  return conversation(
    conversations
      .filter(isFields)
      .map(({ from, value }) => ({ role: SHAREGPT_ROLES[String(from)] ?? from, text: value })),
  );
}

function preference({ prompt, chosen, rejected }: Fields): Draft {
  return {
    example_type: "preference",
    input_text: prompt as string,
    output_a: chosen as string,
    output_b: rejected as string,
    preferred_output: "A",
  };
}

function kto({ prompt, completion, label }: Fields): Draft {
  if (typeof label !== "boolean") throw new TypeError('has no "label" that is true or false');
  const example_type: ExampleType = label ? "positive" : "negative";
  return {
    example_type,
    input_text: prompt as string,
    original_output: completion as string,
    ...(label ? { expected_output: completion as string } : {}),
  };
}

const READERS: Readonly<Record<ImportFormat, (row: Fields) => Draft>> = {
  jsonl: item,
  parquet: item,
  chat,
  sharegpt,
  preference,
  kto,
};

/** A row, as JSON text, as an example of the agent. Nothing that a row holds throws. */
export function readRow(format: ImportFormat, agentId: string, row: string): ImportedRow {
  try {
    const value = parseJsonBody(row);
    if (!isFields(value)) return { reason: "is not a JSON object" };
    if (isFields(value["item"]) && value["item"]["erased"] === true)
      return { reason: "was erased: its content is gone" };
    const draft = { ...READERS[format](value), agent_id: agentId, source_type: "import" };
    const parsed = createLearningExample.safeParse(draft);
    return parsed.success ? { example: parsed.data } : { reason: describe(parsed.error.issues[0]) };
  } catch (error) {
    if (error instanceof ProblemError) return { reason: describe(fieldOf(error)) };
    if (error instanceof TypeError) return { reason: error.message };
    throw error;
  }
}

function fieldOf({ errors, message }: ProblemError): { path: string[]; message: string } {
  const first = errors?.[0];
  return { path: first?.path.split(".").slice(1) ?? [], message: first?.message ?? message };
}

function describe(issue: { path: readonly PropertyKey[]; message: string } | undefined): string {
  const path = issue?.path.map(String).join(".") ?? "";
  const message = issue?.message ?? "is not as expected";
  return path === "" ? message : `${path}: ${message}`;
}
