import { sql } from "kysely";
import type { PgBoss, QueueOptions } from "pg-boss";
import type { DatabaseConnection } from "../database/index.ts";
import type { JobDefinition } from "./job-queue.ts";

/** Where jobs go that failed on every try. */
export const DEAD_LETTER_QUEUE = "dead-letter";

// pg-boss's least. The worker beats far more often, so that a busy event loop does not look dead.
const HEARTBEAT_SECONDS = 10;
/** Seconds between the heartbeats of a running job. */
export const HEARTBEAT_REFRESH_SECONDS = 3;
const DAY = 86_400;
const GRANT_LOCK = 4_207_311_520;

function queueOptions(definition: JobDefinition): QueueOptions {
  return {
    expireInSeconds: definition.expireSeconds,
    retryLimit: definition.retryLimit,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 300,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    deleteAfterSeconds: DAY,
  };
}

/** Makes the queue of each kind of job, or brings its settings up to date. */
export async function prepareQueues(boss: PgBoss, definitions: readonly JobDefinition[]): Promise<void> {
  const known = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
  if (!known.has(DEAD_LETTER_QUEUE)) {
    await boss.createQueue(DEAD_LETTER_QUEUE, { retentionSeconds: 90 * DAY });
  }
  for (const definition of definitions) {
    const { name } = definition;
    const options = queueOptions(definition);
    const queue = known.get(name);
    if (queue === undefined) {
      // `exclusive`: at most one waiting or running job per key; a job without a key gets one of its own.
      await boss.createQueue(name, {
        ...options,
        policy: "exclusive",
        notify: true,
        deadLetter: DEAD_LETTER_QUEUE,
      });
    } else if (Object.entries(options).some(([key, value]) => queue[key as keyof QueueOptions] !== value)) {
      await boss.updateQueue(name, options);
    }
  }
}

/** Lets the system role, and no tenant, put jobs into the queue: what enqueueing inside a tenant's transaction needs. */
export async function grantEnqueueing(database: DatabaseConnection): Promise<void> {
  await database.kysely.transaction().execute(async (tx) => {
    // Two processes that grant at once would collide on the same catalogue row.
    await sql`SELECT pg_advisory_xact_lock(${GRANT_LOCK})`.execute(tx);
    const { rows } = await sql<{ granted: boolean }>`SELECT
      has_schema_privilege('agent_learning_system', 'pgboss', 'USAGE')
      AND has_table_privilege('agent_learning_system', 'pgboss.queue', 'SELECT')
      AND has_table_privilege('agent_learning_system', 'pgboss.job_common', 'SELECT')
      AND has_table_privilege('agent_learning_system', 'pgboss.job_common', 'INSERT') AS granted`.execute(tx);
    if (rows[0]?.granted === true) return;
    await sql`GRANT USAGE ON SCHEMA pgboss TO agent_learning_system`.execute(tx);
    await sql`GRANT SELECT ON pgboss.queue TO agent_learning_system`.execute(tx);
    await sql`GRANT SELECT, INSERT ON pgboss.job, pgboss.job_common TO agent_learning_system`.execute(tx);
  });
}

/**
 * Has the jobs that a killed process left running tried again now. For PGlite only, which one process has at a time: whatever
 * runs at its start runs nowhere. On PostgreSQL other workers may have them, and a missing heartbeat tells.
 */
export async function releaseOrphans(boss: PgBoss, database: DatabaseConnection): Promise<void> {
  const { numAffectedRows } = await sql`UPDATE pgboss.job SET heartbeat_on = TIMESTAMPTZ 'epoch'
    WHERE state = 'active' AND heartbeat_seconds IS NOT NULL`.execute(database.kysely);
  if ((numAffectedRows ?? 0n) > 0n) await boss.supervise();
}
