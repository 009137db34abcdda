import type { ChatMessage } from "../ports.ts";

/** Tokens that the chat template adds around each message. */
const PER_MESSAGE = 4;

/**
 * Estimated tokens of a text, for budgets and comparisons where no tokenizer is at hand: a quarter of its UTF-8 bytes,
 * about right for English under byte-pair encodings, too many for other alphabets, which errs on the safe side.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text, "utf8") / 4);
}

/** Estimated tokens of a chat prompt. */
export function estimatePromptTokens(messages: readonly ChatMessage[]): number {
  let total = 0;
  for (const message of messages) total += estimateTokens(message.content) + PER_MESSAGE;
  return total;
}
