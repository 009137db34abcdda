import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  type ChatMessage,
  estimatePromptTokens,
  estimateTokens,
  type LanguageModel,
} from "@agent-learning/learning";
import { generateText, type ModelMessage } from "ai";
import { toEndpointError } from "./to-endpoint-error.ts";

export interface OpenAICompatibleOptions {
  /** Base URL that ends before `/chat/completions`. */
  url: string;
  name: string;
  key: string | undefined;
  /** The guarded `fetch` of `outgoing/`. */
  fetch: typeof globalThis.fetch;
  /** Milliseconds that one call may take, retries and waits included; default two minutes. */
  timeoutMilliseconds?: number;
  /**
   * Tries after the first one, default 3, for 408, 409, 429, 5xx and broken connections. The library waits 2, 4 and 8 seconds, or
   * what Retry-After says where that is under a minute.
   */
  retries?: number;
}

const TIMEOUT = 120_000;
const RETRIES = 3;

/**
 * Any endpoint that speaks OpenAI's chat completions, through the AI SDK. Rejects with `ModelEndpointError`, or with the
 * signal's reason. Where the endpoint reports no usage, tokens are estimated.
 */
export function openAICompatibleModel(options: OpenAICompatibleOptions): LanguageModel {
  const { url, key, timeoutMilliseconds = TIMEOUT, retries = RETRIES } = options;
  const provider = createOpenAICompatible({
    name: "configured",
    baseURL: url,
    fetch: options.fetch,
    ...(key === undefined ? {} : { apiKey: key }),
  });
  const model = provider(options.name);
  return {
    generate: async ({ messages, temperature, maxTokens, stop, signal }) => {
      signal?.throwIfAborted();
      const limit = AbortSignal.timeout(timeoutMilliseconds);
      const instructions = readInstructions(messages);
      try {
        const { text, usage } = await generateText({
          model,
          ...(instructions === "" ? {} : { instructions }),
          messages: messages.filter(({ role }) => role !== "system").map(toModelMessage),
          temperature,
          maxOutputTokens: maxTokens,
          ...(stop === undefined || stop.length === 0 ? {} : { stopSequences: [...stop] }),
          maxRetries: retries,
          abortSignal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
        });
        return {
          text,
          promptTokens: usage.inputTokens ?? estimatePromptTokens(messages),
          completionTokens: usage.outputTokens ?? estimateTokens(text),
        };
      } catch (error) {
        signal?.throwIfAborted();
        throw toEndpointError(error, {
          url,
          secrets: [key],
          timedOutAfter: limit.aborted ? timeoutMilliseconds : undefined,
        });
      }
    },
  };
}

function readInstructions(messages: readonly ChatMessage[]): string {
  return messages
    .filter(({ role }) => role === "system")
    .map(({ content }) => content)
    .join("\n\n");
}

function toModelMessage({ role, content }: ChatMessage): ModelMessage {
  return { role: role === "assistant" ? "assistant" : "user", content };
}
