import { LearningError, messageOf, type Report } from "../errors.ts";
import { isObject, parseJson } from "../json.ts";
import type { ConfigurationStore } from "./configuration-store.ts";
import { type AssignmentMemory, createAssignmentMemory } from "./assignment-memory.ts";
import { createResolver, resolveNothing, type Resolver } from "./create-resolver.ts";
import { readServing } from "./read-serving.ts";
import type { ServingConfiguration } from "./types.ts";

export interface ServingState {
  /** Prepared from the last known configuration; replaced as a whole. */
  resolver: Resolver;
  configuration: ServingConfiguration | null;
  /** Of the last known configuration; null when it has none or nothing is known. */
  entityTag: string | null;
  source: "none" | "cache" | "server";
  /** When the server last said that this is current, milliseconds since 1970. */
  confirmedAt: number | null;
  /** Outlives configurations: which arm units were given first where shares move. */
  memory: AssignmentMemory;
}

export interface ServingScope {
  baseUrl: string;
  agentId: string;
  environment: string;
}

/** What is written to disk, around the server's own words. */
const FORMAT = 1;

/** The state at start: what an earlier process left, or nothing. What cannot be used is reported and ignored. */
export function restoreServing(
  store: ConfigurationStore | undefined,
  scope: ServingScope,
  report: Report,
  memory: AssignmentMemory = createAssignmentMemory(),
): ServingState {
  const state: ServingState = {
    resolver: resolveNothing,
    configuration: null,
    entityTag: null,
    source: "none",
    confirmedAt: null,
    memory,
  };
  const text = store?.read();
  if (text === undefined) return state;
  const saved = parseJson(text);
  if (!isObject(saved) || saved["format"] !== FORMAT) {
    report(new LearningError("storage", "the stored configuration is unreadable and is not used"));
    return state;
  }
  // The same directory with another server: that one's configuration is none of ours.
  if (saved["base_url"] !== scope.baseUrl) return state;
  try {
    adopt(state, readServing(saved["serving"], scope));
  } catch (error) {
    report(new LearningError("storage", `the stored configuration is not used: ${messageOf(error)}`));
    return state;
  }
  state.source = "cache";
  state.entityTag = typeof saved["etag"] === "string" ? saved["etag"] : null;
  state.confirmedAt = typeof saved["confirmed_at"] === "number" ? saved["confirmed_at"] : null;
  return state;
}

function adopt(state: ServingState, configuration: ServingConfiguration): void {
  state.resolver = createResolver(configuration, state.memory);
  state.configuration = configuration;
}

/**
 * Takes the server's answer over, for calls of `resolve` from now on and for the next process.
 * @throws UnreadableServing; the state is as before then
 */
export function acceptServing(
  state: ServingState,
  answer: { text: string; entityTag: string | null; now: number },
  store: ConfigurationStore | undefined,
  scope: ServingScope,
): void {
  adopt(state, readServing(parseJson(answer.text), scope));
  state.entityTag = answer.entityTag;
  state.source = "server";
  state.confirmedAt = answer.now;
  const head = { format: FORMAT, base_url: scope.baseUrl, etag: answer.entityTag, confirmed_at: answer.now };
  store?.write(`${JSON.stringify(head).slice(0, -1)},"serving":${answer.text}}`);
}
