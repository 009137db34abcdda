interface DatabaseError {
  code: string;
  constraint?: string | undefined;
  detail?: string | undefined;
}

// No class of PostgreSQL's begins with E; Node's codes do, some of them as short (EPIPE).
const SQLSTATE = /^[0-9A-DF-Z][0-9A-Z]{4}$/;

/** The SQLSTATE error behind `error`, whichever driver raised it. */
export function databaseError(error: unknown): DatabaseError | undefined {
  let current: unknown = error;
  for (let depth = 0; depth < 4 && typeof current === "object" && current !== null; depth += 1) {
    const code = (current as { code?: unknown }).code;
    if (typeof code === "string" && SQLSTATE.test(code)) return current as DatabaseError;
    current = (current as { cause?: unknown }).cause;
  }
  return undefined;
}

export const UNIQUE_VIOLATION = "23505";
export const FOREIGN_KEY_VIOLATION = "23503";
export const SERIALIZATION_FAILURE = "40001";
export const DEADLOCK = "40P01";

/** True when `error` is a violation of the named unique constraint or index (any, without a name). */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const found = databaseError(error);
  return found?.code === UNIQUE_VIOLATION && (constraint === undefined || found.constraint === constraint);
}

const AWAY_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
]);
const AWAY_MESSAGES =
  /terminated|timeout exceeded|timeout expired|not queryable|Connection ended|Query read timeout|closed|Driver has already been destroyed/i;

/** True when the database could not be reached or went away, so that the same call may succeed later. */
export function isDatabaseAway(error: unknown): boolean {
  const sqlState = databaseError(error)?.code;
  if (sqlState !== undefined) {
    // 08: connection; 57: operator intervention (shutdown, cancel); 53: out of resources (disk, connections); 25006: read-only;
    // 28, 3D: it lets nobody in, or is not there.
    return /^(08|28|3D|57P|53)/.test(sqlState) || sqlState === "57014" || sqlState === "25006";
  }
  if (!(error instanceof Error)) return false;
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== undefined && AWAY_CODES.has(code)) return true;
  // A socket file that is not there; any other missing file has nothing to do with the database.
  if (code === "ENOENT") return (error as NodeJS.ErrnoException).syscall === "connect";
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  return AWAY_MESSAGES.test(error.message);
}
