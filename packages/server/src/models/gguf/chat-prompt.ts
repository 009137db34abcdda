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
    tokens: withoutSecondStart(contextText.tokenize(model.tokenizer), model),
    stops: stopGenerationTriggers
      .map((trigger) => trigger.tokenize(model.tokenizer))
      .filter((tokens) => tokens.length > 0),
  };
}

function toHistoryItem({ role, content }: ChatMessage): ChatHistoryItem {
  return role === "assistant" ? { type: "model", response: [content] } : { type: role, text: content };
}

/**
 * The library begins every chat with the model's first token. Where that token also opens a message (SmolLM's <|im_start|>) and the
 * file says that nothing is put before a text, the model was trained on one of them and would see two.
 */
function withoutSecondStart(tokens: Token[], { tokens: special }: LlamaModel): Token[] {
  const isTwice =
    special !== undefined &&
    !special.shouldPrependBosToken &&
    tokens[0] === special.bos &&
    tokens[1] === special.bos;
  return isTwice ? tokens.slice(1) : tokens;
}
