import { CheckUsageError, NoVerdictError } from "../check/check-errors.ts";
import { ConfigError } from "../config.ts";
import { DataDirectoryLockedError, isDatabaseAway } from "../database/index.ts";
import { DemoError } from "../demo/demo-error.ts";
import { LabelledCsvError } from "../demo/labelled-csv-error.ts";
import { ServerAwayError, TrainingRefusedError, TrainingUsageError } from "../training/training-errors.ts";

const WRONG_USE = [CheckUsageError, ConfigError, LabelledCsvError, TrainingUsageError];
const AWAY = [NoVerdictError, ServerAwayError];

/**
 * 0 done, 1 failed, 2 wrong use or configuration, 3 database not reachable (of a check: no verdict; of a server: it is away), 4 data directory in use. Stable.
 */
export function exitCodeOf(error: unknown): number {
  if (WRONG_USE.some((kind) => error instanceof kind)) return 2;
  if (AWAY.some((kind) => error instanceof kind)) return 3;
  if (error instanceof DataDirectoryLockedError) return 4;
  return isDatabaseAway(error) ? 3 : 1;
}

/** What a person reads on standard error: what happened, and its cause where it says more. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `\n  because: ${error.cause.message}` : "";
  if (isDatabaseAway(error))
    return `The database cannot be reached (${error.message}). Check DATABASE_URL and that PostgreSQL runs.${cause}`;
  if ((error as NodeJS.ErrnoException).syscall === "listen")
    return `The port cannot be listened on (${error.message}). Choose another one with --port, or 0 for any that is free.`;
  const expected = [...WRONG_USE, ...AWAY, DataDirectoryLockedError, DemoError, TrainingRefusedError].some(
    (kind) => error instanceof kind,
  );
  return expected ? error.message : `${error.stack ?? error.message}${cause}`;
}
