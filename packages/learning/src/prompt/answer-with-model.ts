import type { ChatMessage, LanguageModel } from "../ports.ts";
import { type Candidate, integerParameter } from "./candidate.ts";
import type { Usage } from "./ledger.ts";
import { selectsNearest } from "./render-prompt.ts";

const DEFAULT_MAX_TOKENS = 256;

export interface ModelAnswer {
  text: string;
  usage: Usage;
}

export interface ModelQuestion {
  model: LanguageModel;
  candidate: Candidate;
  /** What `renderPrompt` made of the candidate and the input. */
  messages: readonly ChatMessage[];
  /** Equal for questions that are asked together. */
  batchId: string;
  batchSize: number;
  signal?: AbortSignal | undefined;
}

/** Asks the model with the candidate's `parameters.temperature` (default 0), `max_tokens` (256) and `stop`. */
export async function answerWithModel(question: ModelQuestion): Promise<ModelAnswer> {
  const { model, candidate, messages, batchId, batchSize, signal } = question;
  const { temperature, stop } = candidate.parameters;
  const { text, promptTokens, completionTokens, cost } = await model.generate({
    messages,
    temperature: typeof temperature === "number" ? temperature : 0,
    maxTokens: maximumAnswerTokens(candidate),
    ...(Array.isArray(stop) ? { stop: stop.filter((entry) => typeof entry === "string") } : {}),
    ...(signal ? { signal } : {}),
    batch: {
      id: batchId,
      size: batchSize,
      sharedMessages: selectsNearest(candidate) ? 0 : messages.length - 1,
    },
  });
  return { text, usage: { promptTokens, completionTokens, ...(cost === undefined ? {} : { cost }) } };
}

/** Longest answer of the candidate, in tokens. */
export function maximumAnswerTokens(candidate: Candidate): number {
  return integerParameter(candidate, "max_tokens", {
    fallback: DEFAULT_MAX_TOKENS,
    minimum: 1,
    maximum: 100_000,
  });
}
