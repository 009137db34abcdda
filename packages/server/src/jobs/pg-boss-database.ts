import { AsyncLocalStorage } from "node:async_hooks";
import type { PGlite } from "@electric-sql/pglite";
import { type ConstructorOptions, fromPglite, PgBoss } from "pg-boss";
import type { DatabaseConnection } from "../database/index.ts";

// Only one enqueue at a time can be inside a transaction on PGlite, but jobs and sweeps run beside it.
const insideTransaction = new AsyncLocalStorage<true>();

/** Runs `work`, which enqueues inside an open transaction. */
export function enqueueing<T>(work: () => Promise<T>): Promise<T> {
  return insideTransaction.run(true, work);
}

/**
 * The one session of PGlite for pg-boss. Its statements wait for our transactions, and so they must never be awaited inside
 * one: pg-boss does that when a queue is missing from its cache, and that would hang instead of failing.
 */
function fromSharedPglite(pglite: PGlite): ReturnType<typeof fromPglite> {
  const database = fromPglite(pglite);
  return {
    ...database,
    executeSql: (text, values) =>
      insideTransaction.getStore() === true
        ? Promise.reject(
            new Error("the job's queue is unknown: enqueue only kinds that the process registered"),
          )
        : database.executeSql(text, values),
  };
}

/** An unstarted pg-boss over our database; without `work` it only enqueues. */
export function openPgBoss(
  database: DatabaseConnection,
  { work, pollSeconds }: { work: boolean; pollSeconds: number },
): PgBoss {
  const common: ConstructorOptions = {
    // A killed worker's job runs again within heartbeat + supervision + first retry + poll: under 30 s.
    superviseIntervalSeconds: pollSeconds,
    monitorIntervalSeconds: pollSeconds,
    maintenanceIntervalSeconds: 3_600,
    // We have no dependent jobs to resolve.
    flowIntervalSeconds: 3_600,
    supervise: work,
    schedule: false,
    useListenNotify: true,
    registerInstance: false,
    monitorVacuum: false,
    openTelemetry: { enabled: false },
  };
  if (database.raw.engine === "pglite") {
    return new PgBoss({
      ...common,
      backend: "pglite",
      db: fromSharedPglite(database.raw.pglite),
      reindex: false,
    });
  }
  // pg-boss hands its options to pg's pool: a database that hangs must not hang the queue for ever.
  const poolOptions = { query_timeout: 60_000, keepAlive: true };
  return new PgBoss({
    ...common,
    ...poolOptions,
    connectionString: database.raw.url,
    connectionTimeoutMillis: 5_000,
    max: work ? 4 : 2,
  });
}
