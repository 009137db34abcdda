import type { ChatMessage } from "@agent-learning/learning";
import type { ChatHistoryItem, ChatWrapper, LlamaModel, Token } from "./llama-module.ts";

export interface ChatPrompt {
  tokens: Token[];
  /** Token sequences at which the model's turn ends, beside its end-of-generation tokens. */
  stops: Token[][];
}

/**
 * The messages in the model's own chat template, up to where its answer begins. Text of messages that spells a special token
 * stays text: nobody can end a turn or open another by writing it.
 */
export function renderChat(
  messages: readonly ChatMessage[],
  wrapper: ChatWrapper,
  model: LlamaModel,
): ChatPrompt {
  if (messages.at(-1)?.role !== "user") throw new TypeError("The last message must be the user's.");
  const { contextText, stopGenerationTriggers } = wrapper.generateContextState({
    chatHistory: [...messages.map(toHistoryItem), { type: "model", response: [] }],
  });
  return {
    tokens: contextText.tokenize(model.tokenizer),
    stops: stopGenerationTriggers
      .map((trigger) => trigger.tokenize(model.tokenizer))
      .filter((tokens) => tokens.length > 0),
  };
}

function toHistoryItem({ role, content }: ChatMessage): ChatHistoryItem {
  return role === "assistant" ? { type: "model", response: [content] } : { type: role, text: content };
}
