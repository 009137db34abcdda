import type { PGlite } from "@electric-sql/pglite";
import type { Log } from "../log.ts";

const FIRST_MILLISECONDS = 5_000;
const LEAST_MILLISECONDS = 20_000;
/** At most this share of the time goes into maintenance: it stops everything else on the one session. */
const SHARE = 0.02;

/**
 * Does for PGlite what autovacuum does for a server: without statistics the planner takes every table for empty and joins by
 * nested loops, and without vacuum dead rows pile up. Runs while there is activity, less often as it takes longer.
 * @returns stops it; a run under way ends first
 */
export function startEmbeddedMaintenance(pglite: PGlite, log: Log): () => Promise<void> {
  let timer: NodeJS.Timeout;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  let last = "";
  const run = async (): Promise<void> => {
    const started = performance.now();
    try {
      const { rows } = await pglite.query<{ position: string }>(
        "SELECT pg_current_wal_insert_lsn()::text AS position",
      );
      const position = rows[0]?.position ?? "";
      if (position !== last) {
        await pglite.exec("VACUUM (ANALYZE, SKIP_LOCKED)");
        const after = await pglite.query<{ position: string }>(
          "SELECT pg_current_wal_insert_lsn()::text AS position",
        );
        last = after.rows[0]?.position ?? "";
      }
    } catch (error) {
      if (!stopped)
        log.warn("maintenance of the embedded database failed; it will be tried again", { error });
    }
    schedule(Math.max(LEAST_MILLISECONDS, (performance.now() - started) / SHARE));
  };
  const schedule = (milliseconds: number): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = run();
    }, milliseconds);
    timer.unref();
  };
  schedule(FIRST_MILLISECONDS);
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
