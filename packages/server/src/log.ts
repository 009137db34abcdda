/** Structured lines on standard error. Never content of executions or feedback, never a key. */
export interface Log {
  error(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  debug(message: string, fields?: Record<string, unknown>): void;
}

const LEVELS = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LEVELS)[number];

const MAXIMUM_CAUSES = 5;

function plain(value: unknown, depth = 0): unknown {
  if (typeof value === "bigint") return value.toString();
  if (!(value instanceof Error)) return value;
  const { name, message, stack } = value;
  return { name, message, stack, cause: depth < MAXIMUM_CAUSES ? plain(value.cause, depth + 1) : undefined };
}

// A log line must never be what makes a request fail.
function toLine(entry: Record<string, unknown>, fields: Record<string, unknown>): string {
  try {
    return JSON.stringify({ ...entry, ...fields });
  } catch {
    return JSON.stringify({ ...entry, fields: "could not be written as JSON" });
  }
}

/** A log that writes one JSON object a line. */
export function createLog(
  level: LogLevel,
  write: (line: string) => void = (line) => void process.stderr.write(line),
): Log {
  const enabled = LEVELS.indexOf(level);
  const at = (name: Exclude<LogLevel, "silent">) => {
    if (LEVELS.indexOf(name) > enabled) return (): void => undefined;
    return (message: string, fields: Record<string, unknown> = {}): void => {
      const entries = Object.entries(fields).map(([key, value]) => [key, plain(value)]);
      const entry = { time: new Date().toISOString(), level: name, message };
      write(`${toLine(entry, Object.fromEntries(entries) as Record<string, unknown>)}\n`);
    };
  };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}
