import { sql } from "kysely";
import type { JobResult, JobWithMetadata, PgBoss } from "pg-boss";
import { systemContext } from "../create-context.ts";
import { databaseError } from "../database/index.ts";
import type { Services } from "../services.ts";
import { InvalidJobDataError, parseJobData } from "./job-data.ts";
import type { JobDefinition } from "./job-queue.ts";
import { HEARTBEAT_REFRESH_SECONDS } from "./prepare-queues.ts";

/** The jobs that this process runs. */
export interface JobWorker {
  start(definitions: readonly JobDefinition[]): Promise<void>;
  /** Takes no more jobs, waits for the running ones, aborts those that last longer than `graceMilliseconds`. */
  stop(graceMilliseconds: number): Promise<void>;
}

interface RunningJob {
  name: string;
  id: string;
  retryCount: number;
}

const ABORT_MILLISECONDS = 2_000;

/** What the queue keeps of a failure: nothing that could quote a row. The log has the rest. */
function failure(error: unknown): { name: string; code: string | undefined } {
  return { name: error instanceof Error ? error.name : "Error", code: databaseError(error)?.code };
}

async function settledWithin(promises: Iterable<Promise<unknown>>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => (timer = setTimeout(done, milliseconds, false)));
  const all = Promise.allSettled(promises).then(() => true);
  return Promise.race([all, late]).finally(() => clearTimeout(timer));
}

/** Runs registered jobs from pg-boss's queues. */
export function createJobWorker(boss: PgBoss, services: Services, pollSeconds: number): JobWorker {
  const { log } = services;
  const stopping = new AbortController();
  const running = new Map<RunningJob, Promise<JobResult>>();
  const names: string[] = [];

  async function attempt(definition: JobDefinition, job: JobWithMetadata<unknown>): Promise<JobResult> {
    const fields = { job: definition.name, id: job.id, attempt: job.retryCount + 1 };
    const started = performance.now();
    try {
      const data = parseJobData(job.data);
      const ctx = systemContext(services, data.organizationId, `job:${definition.name}`);
      await definition.run({ ctx, data, signal: AbortSignal.any([job.signal, stopping.signal]) });
      log.debug("job done", { ...fields, milliseconds: Math.round(performance.now() - started) });
      return { id: job.id, status: "completed" };
    } catch (error) {
      if (error instanceof InvalidJobDataError) {
        log.error("a job cannot run and was put aside", { ...fields, error });
        return { id: job.id, status: "deadletter", output: failure(error) };
      }
      const last = job.retryCount >= job.retryLimit && !stopping.signal.aborted;
      if (last) log.error("a job failed on its last try and was put aside", { ...fields, error });
      else log.warn("a job failed and will be tried again", { ...fields, error });
      return { id: job.id, status: "failed", output: failure(error) };
    }
  }

  async function startLane(definition: JobDefinition): Promise<void> {
    const workerId = await boss.work(
      definition.name,
      {
        includeMetadata: true,
        perJobResults: true,
        // Without LISTEN (a pooler in between) polling is all there is.
        pollingIntervalSeconds: Math.min(2, pollSeconds),
        notifyPollingIntervalSeconds: pollSeconds,
        heartbeatRefreshSeconds: HEARTBEAT_REFRESH_SECONDS,
      },
      async (jobs: JobWithMetadata<unknown>[]) => {
        const results: JobResult[] = [];
        for (const job of jobs) {
          const key = { name: definition.name, id: job.id, retryCount: job.retryCount };
          const promise = attempt(definition, job);
          running.set(key, promise);
          results.push(await promise.finally(() => running.delete(key)));
        }
        // There may be more: without this the lane would sleep until the next poll.
        boss.notifyWorker(workerId);
        return results;
      },
    );
  }

  // An interruption by a deployment is no failure of the job: it gets the try back.
  async function giveTriesBack(): Promise<void> {
    for (const { name, id, retryCount } of running.keys()) {
      await sql`UPDATE pgboss.job SET retry_limit = retry_limit + 1
        WHERE name = ${name} AND id = ${id} AND state = 'active' AND retry_count = ${retryCount}`.execute(
        services.database.kysely,
      );
    }
  }

  return {
    start: async (definitions) => {
      for (const definition of definitions) {
        names.push(definition.name);
        for (let lane = 0; lane < definition.concurrency; lane += 1) await startLane(definition);
      }
    },
    stop: async (graceMilliseconds) => {
      await Promise.all(names.map((name) => boss.offWork(name, { wait: false })));
      if (await settledWithin(running.values(), graceMilliseconds)) return;
      await giveTriesBack().catch((error: unknown) =>
        log.warn("could not hand back running jobs", { error }),
      );
      stopping.abort(new Error("the worker is stopping"));
      await settledWithin(running.values(), ABORT_MILLISECONDS);
    },
  };
}
