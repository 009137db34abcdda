import type { Report } from "../errors.ts";
import type { ConfigurationStore } from "../serving/configuration-store.ts";
import type { Journal } from "../telemetry/journal.ts";
import type { Clock } from "../transport/clock.ts";
import type { ToolParts } from "../tools/tool-parts.ts";
import type { Fetch } from "../transport/fetch.ts";
import type { LearningOptions } from "./options.ts";

export interface Persistence {
  store: ConfigurationStore | undefined;
  journal: Journal | undefined;
  /** Resolves when everything handed over so far is written; false when some evidence could not be. */
  written: () => Promise<boolean>;
  /** Writes what is left, at once: the process is ending. */
  drain: () => void;
  /** Called when everything else has ended. */
  close: () => Promise<void>;
}

export interface PersistenceOptions {
  options: LearningOptions;
  /** Server, agent and environment, fit for a file name. */
  scope: string;
  clock: Clock;
  report: Report;
  /** Something was found that an earlier process left. */
  onMore: () => void;
}

/** What Node and browsers do differently. */
export interface Platform {
  clock: Clock;
  /** For evidence. */
  fetch: Fetch;
  /** For the open question about the configuration, which must not keep a process alive. */
  pollFetch: Fetch;
  /** Where evidence and configuration outlive the process. Never throws: what cannot be had is reported and left out. */
  persist(options: PersistenceOptions): Persistence;
  /**
   * The end of the process or page: `drain` writes what is left to disk, `flush` sends it. Returns the way out.
   */
  onEnd(hooks: { drain: () => void; flush: (() => Promise<unknown>) | undefined }): () => void;
  /** True while requests must outlive the page. */
  isEnding(): boolean;
  warn: (message: string) => void;
  tools: ToolParts;
}
