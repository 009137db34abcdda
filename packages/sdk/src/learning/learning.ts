import type { Resolution, ServingConfiguration } from "../serving/types.ts";
import type {
  Correction,
  ExecutionRecord,
  ExpertDemonstration,
  Feedback,
  OutcomeRecord,
  Retrieval,
} from "../telemetry/evidence.ts";
import type { EvidenceStatistics } from "../telemetry/statistics.ts";

/** What is known of a run before its function ends. */
export type RunDetails = Partial<Omit<ExecutionRecord, "resolution" | "unitId">>;

/** One run of the agent's function. */
export interface Run {
  readonly executionId: string;
  readonly resolution: Resolution;
  /** Adds to what is recorded when the function ends; later values replace earlier ones. */
  describe: (details: RunDetails) => void;
  /**
   * Calls a tool and records its name, arguments, result, time and error with the execution, in the order in which calls began.
   * Returns what the tool returns; throws what it throws, and nothing else. In browsers it calls the tool and records nothing.
   */
  tool: <Arguments, Result>(
    name: string,
    toolArguments: Arguments,
    call: (toolArguments: Arguments) => Result | Promise<Result>,
  ) => Promise<Result>;
}

export interface Statistics extends EvidenceStatistics {
  /** In memory, those on the way included. */
  waiting: { items: number; bytes: number };
  /** On disk. `items`: those that are not in memory too. */
  disk: { items: number; bytes: number; corruptLines: number };
  configuration: {
    source: "none" | "cache" | "server";
    revision: number | null;
    /** When the server last said that it is current, milliseconds since 1970. */
    confirmedAt: number | null;
  };
}

/**
 * What an agent imports. No method throws or blocks; what goes wrong goes to `onError`. Methods may be taken off the object.
 */
export interface Learning {
  readonly agentId: string;
  /**
   * Which version answers this unit: a user, a session, a tenant. Synchronous, from the last known configuration, the same
   * on every machine; works with the server away and after a restart.
   */
  resolve: (unit: string) => Resolution;
  /** The last known configuration with the agent's settings at the server; null before there is any. */
  configuration: () => ServingConfiguration | null;
  /** Calls the listener with each configuration that the server sends from now on; returns what ends that. */
  onConfiguration: (listener: (configuration: ServingConfiguration) => void) => () => void;
  /** Resolves true as soon as a configuration is known, false when there is none after the time (10,000 ms). */
  ready: (timeoutMilliseconds?: number) => Promise<boolean>;
  /**
   * Resolves the unit, runs the function, and records its input, output, time and success or failure. Returns what the
   * function returns; throws what it throws, and nothing else. A text that it returns is the output unless it described
   * another. `inputText` is in `details`, or described by the function; without it nothing is recorded, and that reported.
   */
  run: <T>(unit: string, work: (run: Run) => T | Promise<T>, details?: RunDetails) => Promise<T>;
  /** Takes over one execution; returns its id. */
  record: (execution: ExecutionRecord) => string;
  feedback: (feedback: Feedback) => void;
  /** Feedback that says what the agent should have answered. */
  correct: (correction: Correction) => void;
  retrieval: (retrieval: Retrieval) => void;
  /** How an expert does it, for people to judge and the agent to learn from. Dropped with a report in browsers. */
  demonstrate: (demonstration: ExpertDemonstration) => void;
  /**
   * What came of a unit in its experiment or rollout. It counts for units that were exposed: by an execution of theirs with its
   * resolution, which may still be on its way.
   */
  outcome: (outcome: OutcomeRecord) => void;
  stats: () => Statistics;
  /**
   * Sends everything that waits. `to: "disk"`: waits only until it is on disk. Resolves true when that is done, false when
   * it is not within the time (5,000 ms); what is left is sent later.
   */
  flush: (options?: { to?: "server" | "disk"; timeoutMilliseconds?: number }) => Promise<boolean>;
  /** Flushes, then ends all requests and timers. What is left waits on disk for the next process. Resolves as `flush`. */
  close: (options?: { timeoutMilliseconds?: number }) => Promise<boolean>;
}
