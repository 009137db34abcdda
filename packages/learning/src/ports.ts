/** One turn of a chat prompt. */
export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

/**
 * Says that several requests belong together, so that an adapter can keep the state of what they share or send them
 * as one batch. A hint only: every answer must be the same without it.
 */
export interface BatchHint {
  /** Equal for all requests of the batch. */
  id: string;
  /** Requests in the batch. */
  size: number;
  /** Leading messages that are equal in all of them. */
  sharedMessages: number;
}

export interface GenerateRequest {
  messages: readonly ChatMessage[];
  /** 0 = always the likeliest token. */
  temperature: number;
  /** Longest answer, in tokens. */
  maxTokens: number;
  stop?: readonly string[];
  signal?: AbortSignal;
  batch?: BatchHint;
}

export interface GenerateResult {
  text: string;
  promptTokens: number;
  completionTokens: number;
  /** In the currency of the caller's budget; left out where the endpoint has no price. */
  cost?: number;
}

/** A language model. Rejects when the endpoint fails; the caller decides what a failure costs. */
export interface LanguageModel {
  /**
   * "dear": tokens of a prompt take processor time here, except those with which an earlier prompt began. Searches then show
   * fewer demonstrations, the same ones to every input, and do without instructions that the model would have to write.
   */
  readonly prefill?: "dear";
  generate(request: GenerateRequest): Promise<GenerateResult>;
}

/** Turns texts into vectors of one length. Rejects when the endpoint fails. */
export interface Embedder {
  /** Names the model and what is done to its vectors: equal names, comparable vectors. */
  name: string;
  embed(texts: readonly string[], options?: { signal?: AbortSignal | undefined }): Promise<number[][]>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A seeded stream of uniform numbers. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** An independent stream that depends on the seed and the label only, not on how much was drawn before. */
  fork(label: string): Random;
}
