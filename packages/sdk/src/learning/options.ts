import type { LearningError } from "../errors.ts";
import type { AssignmentMemory } from "../serving/assignment-memory.ts";
import type { GivenSettings } from "../serving/settings.ts";
import type { Environment } from "../serving/types.ts";
import type { Fetch } from "../transport/fetch.ts";

/** The guide's `agentConfig`. */
export interface AgentConfig extends GivenSettings {
  /** The agent's slug or UUID. */
  agentId: string;
}

/** Browser storage, or something like it. */
export interface KeyValueStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface LearningOptions extends Partial<AgentConfig> {
  /** Where the server is: `http://127.0.0.1:8000`. */
  baseUrl: string;
  /** A key of the server, or how to get one: called for each request, so that short-lived tokens can be renewed. */
  key: string | (() => string | Promise<string>);
  /** The guide's object as a whole; its fields may also be given directly. */
  agentConfig?: AgentConfig | undefined;
  /**
   * Create the agent with these settings when the server does not know it; an agent that exists keeps its own. Without
   * this option: true when `learningEnabled` or `feedbackCollection` is given and the key is not a publishable one.
   */
  ensureAgent?: boolean | undefined;
  /** `production` unless said. */
  environment?: Environment | undefined;
  /**
   * Ask the server for the configuration. Without this option: unless the key is a publishable one or a feedback token,
   * which may only write. Without asking, `resolve` knows what is on disk, if anything.
   */
  refresh?: boolean | undefined;
  /** Node: the folder for the last known configuration and for evidence that waits; `.agent-learning-sdk`. false: none. */
  directory?: string | false | undefined;
  /**
   * Which arm a unit was given first, where shares move (a bandit): units keep it. Without this option, in the memory of the process:
   * agents on several machines share a cookie or a cache.
   */
  assignments?: AssignmentMemory | undefined;
  /** Browsers: `localStorage`. false: none. */
  storage?: KeyValueStorage | false | undefined;
  /** Send what is left when the process ends by itself or by SIGTERM, or the page is hidden; off. */
  flushOnExit?: boolean | undefined;
  /** Told of everything that goes wrong. May throw or reject. Without it, warnings, at most one a minute and kind. */
  onError?: ((error: LearningError) => unknown) | undefined;
  /** How long a batch waits to be full; 1,000 ms. */
  flushIntervalMilliseconds?: number | undefined;
  /** For one request; 10,000 ms. */
  requestTimeoutMilliseconds?: number | undefined;
  /** Evidence in memory; 10,000 pieces. */
  maxQueueItems?: number | undefined;
  /** Evidence in memory; 16 MiB. */
  maxQueueBytes?: number | undefined;
  /** Evidence on disk; 256 MiB. In browser storage 1 MiB at most. */
  maxDiskBytes?: number | undefined;
  /** Evidence that could not be delivered for so long is dropped; seven days. */
  maxAgeMilliseconds?: number | undefined;
  /** Instead of the platform's own. */
  fetch?: Fetch | undefined;
}

/** Options with everything decided. */
export interface Settled {
  baseUrl: string;
  agentId: string;
  environment: Environment;
  settings: GivenSettings;
  ensureAgent: boolean;
  refresh: boolean;
  flushOnExit: boolean;
  flushIntervalMilliseconds: number;
  requestTimeoutMilliseconds: number;
  maxQueueItems: number;
  maxQueueBytes: number;
  maxAgeMilliseconds: number;
}

// The contract's: a UUID or a slug.
const AGENT_REFERENCE = /^[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*$/;
const WRITE_ONLY_KEY = /^als_(?:pk|ft)_/;

function fail(message: string): never {
  throw new TypeError(`createLearning: ${message}`);
}

function readBaseUrl(baseUrl: unknown): string {
  if (typeof baseUrl !== "string" || !URL.canParse(baseUrl)) return fail("baseUrl must be a URL");
  const { protocol, origin, pathname, username, password } = new URL(baseUrl);
  if (protocol !== "http:" && protocol !== "https:")
    return fail("baseUrl must begin with http:// or https://");
  if (username !== "" || password !== "") return fail("baseUrl must not hold a user or password; use key");
  return `${origin}${pathname}`.replace(/\/+$/, "");
}

function readNumber(options: LearningOptions, name: keyof LearningOptions, ifAbsent: number): number {
  const value = options[name] ?? ifAbsent;
  if (typeof value !== "number" || !(value > 0)) return fail(`${name} must be a number above 0`);
  return value;
}

/**
 * Checks the options and fills in what is absent.
 * @throws TypeError naming the option: the one moment at which this library throws, and only for what is wrong in the code
 */
export function settleOptions(options: LearningOptions): Settled {
  const { key, agentConfig, environment = "production" } = options;
  const baseUrl = readBaseUrl(options.baseUrl);
  const isKey = (typeof key === "string" && /^[\x21-\x7e]+$/.test(key)) || typeof key === "function";
  if (!isKey) fail("key must be a key of the server, or a function that returns one");
  const agentId = options.agentId ?? agentConfig?.agentId;
  if (typeof agentId !== "string" || agentId.length > 100 || !AGENT_REFERENCE.test(agentId)) {
    return fail("agentId must be the agent's slug or UUID");
  }
  if (environment !== "production" && environment !== "staging") {
    return fail("environment must be production or staging");
  }
  const settings: GivenSettings = {
    learningEnabled: options.learningEnabled ?? agentConfig?.learningEnabled,
    feedbackCollection: options.feedbackCollection ?? agentConfig?.feedbackCollection,
  };
  const given = settings.learningEnabled !== undefined || settings.feedbackCollection !== undefined;
  const writeOnly = typeof key === "string" && WRITE_ONLY_KEY.test(key);
  const refresh = options.refresh ?? !writeOnly;
  return {
    baseUrl,
    agentId,
    environment,
    settings,
    ensureAgent: refresh && (options.ensureAgent ?? (given && !writeOnly)),
    refresh,
    flushOnExit: options.flushOnExit ?? false,
    flushIntervalMilliseconds: readNumber(options, "flushIntervalMilliseconds", 1_000),
    requestTimeoutMilliseconds: readNumber(options, "requestTimeoutMilliseconds", 10_000),
    maxQueueItems: readNumber(options, "maxQueueItems", 10_000),
    maxQueueBytes: readNumber(options, "maxQueueBytes", 16 * 1024 * 1024),
    maxAgeMilliseconds: readNumber(options, "maxAgeMilliseconds", 7 * 24 * 3_600_000),
  };
}
