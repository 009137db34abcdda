import { fromKysely, type PgBoss } from "pg-boss";
import { asSystem, type DatabaseConnection } from "../database/index.ts";
import type { Log } from "../log.ts";
import { newId } from "../new-id.ts";
import type { Services } from "../services.ts";
import { parseJobData } from "./job-data.ts";
import type { JobDefinition, JobQueue, ScheduleDefinition } from "./job-queue.ts";
import { createJobWorker, type JobWorker } from "./job-worker.ts";
import { enqueueing, openPgBoss } from "./pg-boss-database.ts";
import { DEAD_LETTER_QUEUE, grantEnqueueing, prepareQueues, releaseOrphans } from "./prepare-queues.ts";
import { reportQueueErrors } from "./report-queue-errors.ts";
import { createScheduleTicker, type ScheduleTicker } from "./schedule-ticker.ts";

export interface JobQueueOptions {
  database: DatabaseConnection;
  definitions: readonly JobDefinition[];
  schedules: readonly ScheduleDefinition[];
  log: Log;
  /** How often due schedules are looked for. */
  tickMilliseconds: number;
  /** How long stop() lets running jobs go on before it aborts them. */
  stopGraceMilliseconds?: number;
  /** How often, 1 or more, retries that became due and dead workers are looked for; a new job needs no look. */
  pollSeconds?: number;
}

interface Started {
  boss: PgBoss;
  ticker: ScheduleTicker;
  worker: JobWorker | undefined;
}

/** The queue on pg-boss, in the same database as everything else. */
export function createJobQueue(options: JobQueueOptions): JobQueue {
  const { database, definitions, schedules, log, tickMilliseconds, pollSeconds = 5 } = options;
  const names = new Set(definitions.map((definition) => definition.name));
  let current: Started | undefined;

  function started(): Started {
    if (current === undefined) throw new Error("the job queue is not started");
    return current;
  }

  function known(name: string): string {
    if (!names.has(name)) throw new Error(`no kind of job is called ${name}`);
    return name;
  }

  return {
    enqueue: async (ctx, name, data, { singletonKey, startAfterSeconds } = {}) => {
      const { boss } = started();
      known(name);
      if (startAfterSeconds !== undefined && !(startAfterSeconds >= 0 && startAfterSeconds < Infinity)) {
        throw new RangeError("startAfterSeconds must be a number of seconds, 0 or more");
      }
      const payload = parseJobData({ ...data, organizationId: ctx.organizationId });
      const key = singletonKey === undefined ? newId() : `${ctx.organizationId}:${singletonKey}`;
      const send = {
        id: newId(),
        singletonKey: key,
        ...(startAfterSeconds === undefined ? {} : { startAfter: startAfterSeconds }),
        db: fromKysely(ctx.tx),
      };
      await asSystem(ctx.tx, () => enqueueing(() => boss.send(name, payload, send)));
    },
    start: async (services: Services, { work }) => {
      if (current !== undefined) throw new Error("the job queue is started already");
      const boss = openPgBoss(database, { work, pollSeconds });
      reportQueueErrors(boss, log);
      try {
        await boss.start();
        await prepareQueues(boss, definitions);
        await grantEnqueueing(database);
        if (work && database.raw.engine === "pglite") await releaseOrphans(boss, database);
      } catch (error) {
        await boss.stop({ graceful: false });
        throw error;
      }
      const ticker = createScheduleTicker(services, schedules, tickMilliseconds);
      const worker = work ? createJobWorker(boss, services, pollSeconds) : undefined;
      current = { boss, ticker, worker };
      await worker?.start(definitions);
      if (work) ticker.start();
    },
    tick: () => started().ticker.tick(),
    redrive: (name) => started().boss.redrive(DEAD_LETTER_QUEUE, { sourceName: known(name) }),
    stop: async () => {
      if (current === undefined) return;
      const { boss, ticker, worker } = current;
      await Promise.all([ticker.stop(), worker?.stop(options.stopGraceMilliseconds ?? 10_000)]);
      await boss.stop({ timeout: 1_000 });
      current = undefined;
    },
  };
}
