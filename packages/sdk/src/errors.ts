/**
 * - `network`, `timeout`, `unavailable`, `garbage`: the server cannot be reached, hangs, asks to wait or answers nonsense; tried again
 * - `unauthenticated`: the key is not accepted; tried again slowly
 * - `rejected`: the server refused items for good; they are dropped
 * - `invalid`: what was handed in cannot be sent (no input text, a circle in metadata); dropped
 * - `dropped`: no room left, too old, or recorded after close
 * - `storage`: the directory or browser storage cannot be used, or held unreadable lines
 * - `configuration`: the server's settings differ from those in the code, or the agent could not be registered
 */
export type LearningErrorKind =
  | "network"
  | "timeout"
  | "unavailable"
  | "garbage"
  | "unauthenticated"
  | "rejected"
  | "invalid"
  | "dropped"
  | "storage"
  | "configuration";

export interface LearningErrorDetails {
  /** HTTP status, where there was an answer. */
  status?: number | undefined;
  /** How many pieces of evidence are lost by this. */
  lost?: number | undefined;
  cause?: unknown;
}

/** What went wrong beside the agent's own work. Handed to `onError`, never thrown. */
export class LearningError extends Error {
  override name = "LearningError";
  readonly kind: LearningErrorKind;
  readonly status: number | undefined;
  readonly lost: number;

  constructor(kind: LearningErrorKind, message: string, details: LearningErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.status = details.status;
    this.lost = details.lost ?? 0;
  }
}

export type Report = (error: LearningError) => void;

const WARN_EVERY_MILLISECONDS = 60_000;

/**
 * Hands errors to the caller's `onError`, whatever that does; without one, warns at most once a minute for each kind.
 * @param warn writes one line where the developer sees it
 */
export function createReport(
  onError: ((error: LearningError) => unknown) | undefined,
  warn: (message: string) => void,
  now: () => number,
): Report {
  const warned = new Map<LearningErrorKind, number>();
  const toWarn = (error: LearningError): void => {
    const last = warned.get(error.kind);
    if (last !== undefined && now() - last < WARN_EVERY_MILLISECONDS) return;
    warned.set(error.kind, now());
    warn(`agent-learning: ${error.message}`);
  };
  return (error) => {
    try {
      const result: unknown = (onError ?? toWarn)(error);
      // An async callback that rejects would otherwise end the process.
      if (result instanceof Promise) result.catch(() => undefined);
    } catch {
      // The agent's own callback broke; there is nobody left to tell.
    }
  };
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "an error that cannot be read";
  }
}
