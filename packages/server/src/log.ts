/** Structured lines on standard error. Never content of executions or feedback, never a key. */
export interface Log {
  error(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  debug(message: string, fields?: Record<string, unknown>): void;
}

const LEVELS = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LEVELS)[number];

function plain(value: unknown): unknown {
  return value instanceof Error
    ? { name: value.name, message: value.message, stack: value.stack, cause: plain(value.cause) }
    : value;
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
      write(
        `${JSON.stringify({ time: new Date().toISOString(), level: name, message, ...Object.fromEntries(entries) })}\n`,
      );
    };
  };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}
