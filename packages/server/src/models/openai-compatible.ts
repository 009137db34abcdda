import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModel } from "@agent-learning/learning";
import { generateText, type ModelMessage } from "ai";

export interface OpenAICompatibleOptions {
  /** Base URL that ends before `/chat/completions`. */
  url: string;
  name: string;
  key: string | undefined;
  fetch?: typeof globalThis.fetch;
  /** Milliseconds that one call may take, retries included. */
  timeoutMilliseconds?: number;
}

/** Any endpoint that speaks OpenAI's chat completions, through the AI SDK: retried with backoff, bounded in time. */
export function openAICompatibleModel(options: OpenAICompatibleOptions): LanguageModel {
  const provider = createOpenAICompatible({
    name: "configured",
    baseURL: options.url,
    ...(options.key === undefined ? {} : { apiKey: options.key }),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
  const model = provider(options.name);
  const timeout = options.timeoutMilliseconds ?? 120_000;
  return {
    generate: async (request) => {
      const limit = AbortSignal.timeout(timeout);
      const system = request.messages
        .filter((message) => message.role === "system")
        .map((message) => message.content);
      const messages: ModelMessage[] = request.messages
        .filter((message) => message.role !== "system")
        .map((message) => ({
          role: message.role === "assistant" ? "assistant" : "user",
          content: message.content,
        }));
      const result = await generateText({
        model,
        messages,
        ...(system.length === 0 ? {} : { instructions: system.join("\n\n") }),
        temperature: request.temperature,
        maxOutputTokens: request.maxTokens,
        ...(request.stop === undefined ? {} : { stopSequences: [...request.stop] }),
        maxRetries: 3,
        abortSignal: request.signal === undefined ? limit : AbortSignal.any([request.signal, limit]),
      });
      return {
        text: result.text,
        promptTokens: result.usage.inputTokens ?? 0,
        completionTokens: result.usage.outputTokens ?? 0,
      };
    },
  };
}
