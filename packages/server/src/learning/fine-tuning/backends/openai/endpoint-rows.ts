import type { FineTuningMethod, JsonValue } from "@agent-learning/contract";
import type { TrainingLine } from "../../rows.ts";

function messagesOf(prompt: JsonValue | undefined): JsonValue {
  return Array.isArray(prompt) ? prompt : [{ role: "user", content: prompt ?? "" }];
}

const answer = (content: JsonValue | undefined): JsonValue => [{ role: "assistant", content: content ?? "" }];

/** A row as OpenAI's API takes it: of `sft` the messages, of `dpo` two answers to the same input. */
export function toEndpointRow(line: TrainingLine, method: FineTuningMethod): TrainingLine {
  if (method !== "dpo") return { messages: line["messages"] ?? [] };
  return {
    input: { messages: messagesOf(line["prompt"]) },
    preferred_output: answer(line["chosen"]),
    non_preferred_output: answer(line["rejected"]),
  };
}
