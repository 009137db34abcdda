import { composeLearning } from "./learning/compose-learning.ts";
import type { Learning } from "./learning/learning.ts";
import type { LearningOptions } from "./learning/options.ts";
import { nodePlatform } from "./node/node-platform.ts";

/**
 * Connects an agent to its learning. Answers at once: what an earlier process knew is read from disk, the rest happens in
 * the background.
 * @throws TypeError naming the option that cannot be used; nothing else ever throws
 */
export function createLearning(options: LearningOptions): Learning {
  return composeLearning(nodePlatform, options);
}

export { createRankingStore } from "./node/ranking-store.ts";
export type { RankingStore } from "./rerank/types.ts";
export { LearningError, type LearningErrorKind } from "./errors.ts";
export type { JsonValue } from "./json.ts";
export type { Learning, Run, RunDetails, Statistics } from "./learning/learning.ts";
export type { AgentConfig, KeyValueStorage, LearningOptions } from "./learning/options.ts";
export type { AssignmentMemory } from "./serving/assignment-memory.ts";
export type {
  AgentVersion,
  Demonstration,
  Environment,
  LearningSettings,
  PlaybookRule,
  Resolution,
  ResolutionReason,
  ServingConfiguration,
  Split,
  SplitArm,
  SplitMembership,
  VersionConfig,
} from "./serving/types.ts";
export type {
  Correction,
  DemonstrationStep,
  ExecutionRecord,
  ExpertDemonstration,
  Feedback,
  FeedbackType,
  ImplicitSignal,
  OutcomeRecord,
  Retrieval,
  RetrievedChunk,
  ToolCall,
} from "./telemetry/evidence.ts";
export type { Fetch, FetchInit, FetchResponse } from "./transport/fetch.ts";
