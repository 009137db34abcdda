import type { PgBoss } from "pg-boss";
import { isDatabaseAway } from "../database/index.ts";
import type { Log } from "../log.ts";

const QUIET_MILLISECONDS = 10_000;

function toError(problem: unknown): Error {
  if (problem instanceof Error) return problem;
  // pg-boss emits some errors as plain copies.
  const { message, ...rest } = problem as { message?: string };
  return Object.assign(new Error(message ?? "unknown error"), rest);
}

/**
 * Logs what goes wrong in the queue's own work; it goes on by itself. While the database is away every poll fails, so that
 * is said once in ten seconds.
 */
export function reportQueueErrors(
  boss: Pick<PgBoss, "on">,
  log: Log,
  now: () => number = () => performance.now(),
): void {
  let quietUntil = 0;
  boss.on("error", (problem: unknown) => {
    const error = toError(problem);
    if (!isDatabaseAway(error)) {
      log.error("the job queue had an error", { error });
      return;
    }
    if (now() < quietUntil) return;
    quietUntil = now() + QUIET_MILLISECONDS;
    log.warn("the job queue cannot reach the database; it tries again", { error: error.message });
  });
  boss.on("warning", ({ message, data }) => {
    // The rest of `data` may quote a statement's values.
    const { type, queue } = data as { type?: string; queue?: string };
    log.warn("the job queue warns", { warning: message, type, queue });
  });
}
