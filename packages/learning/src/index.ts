export { DisjointSets } from "./disjoint-sets.ts";
export { canonicalJson, contentHash, type JsonValue, NotJson } from "./json.ts";
export type {
  BatchHint,
  ChatMessage,
  Clock,
  Embedder,
  GenerateRequest,
  GenerateResult,
  LanguageModel,
  Random,
} from "./ports.ts";
export { NotRecorded, type RecordedCall, recordModel, replayModel } from "./replay/recorded-model.ts";
export { createRandom, randomInteger, shuffled } from "./random.ts";
export { runBounded, type RunBoundedOptions } from "./run-bounded.ts";
export {
  type Bm25Index,
  type Bm25Options,
  createBm25Index,
  type Match,
  streamBm25,
  type StreamedBm25,
} from "./text/bm25.ts";
export { normaliseText, terms, words } from "./text/tokenise.ts";
export * from "./prompt/index.ts";
export {
  findSensitive,
  maskSensitive,
  redactJson,
  type Redaction,
  type RedactionRules,
  REDACTIONS,
  redactText,
  SENSITIVE_KINDS,
  type SensitiveFinding,
  type SensitiveKind,
  type ValueHash,
} from "./privacy/index.ts";
export * from "./trust/index.ts";
export * from "./safety/index.ts";
export * from "./release-gate/index.ts";
export * from "./retrieval/index.ts";
export * from "./behavior/index.ts";
