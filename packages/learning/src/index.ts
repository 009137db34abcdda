export { canonicalJson, contentHash, type JsonValue, NotJson } from "./json.ts";
export type {
  BatchHint,
  ChatMessage,
  Clock,
  GenerateRequest,
  GenerateResult,
  LanguageModel,
  Random,
} from "./ports.ts";
export { createRandom, randomInteger, shuffled } from "./random.ts";
export { runBounded, type RunBoundedOptions } from "./run-bounded.ts";
export { type Bm25Index, type Bm25Options, createBm25Index, type Match } from "./text/bm25.ts";
export { normaliseText, terms, words } from "./text/tokenise.ts";
export * from "./prompt/index.ts";
