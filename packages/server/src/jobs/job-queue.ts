import type { Context, TenantContext } from "../context.ts";
import type { Services } from "../services.ts";

/** What every job carries: whose it is, and the ids it works on. Never content. */
export interface JobData {
  organizationId: string;
  [key: string]: string | number | boolean | null;
}

/** A kind of job. Handlers are idempotent: a job can run again after a crash, and may overlap its own stale copy. */
export interface JobDefinition<T extends JobData = JobData> {
  readonly name: string;
  /** Seconds after which a running job counts as dead and is tried again, unless it ends before. */
  readonly expireSeconds: number;
  readonly retryLimit: number;
  /** Jobs of this kind that one worker runs at a time. */
  readonly concurrency: number;
  run(job: { ctx: Context; data: T; signal: AbortSignal }): Promise<void>;
}

/** Work that is looked for again and again: `sweep` finds what is due and does it, for every organization. */
export interface ScheduleDefinition {
  readonly name: string;
  /** Seconds between sweeps at least; a worker's tick may make it longer. */
  readonly everySeconds: number;
  sweep(services: Services, organizationId: string): Promise<void>;
}

export interface EnqueueOptions {
  /** At most one waiting or running job of this kind with this key in the organization; a second one is not enqueued. */
  singletonKey?: string;
  /** Real seconds: what the learning clock decides belongs into a schedule. */
  startAfterSeconds?: number;
}

/** The queue of one process. Enqueueing is part of the caller's transaction: no commit, no job. */
export interface JobQueue {
  enqueue(
    ctx: TenantContext,
    name: string,
    data: Omit<JobData, "organizationId">,
    options?: EnqueueOptions,
  ): Promise<void>;
  /** Opens the queue; with `work`, takes registered jobs and runs schedules. Without it (role `api`) it only enqueues. */
  start(services: Services, options: { work: boolean }): Promise<void>;
  /** Runs every schedule once, now, for every organization: what the demo and tests call instead of waiting for a tick. */
  tick(): Promise<void>;
  /**
   * Puts the dead-lettered jobs of one kind back into its queue with fresh retries.
   * @returns how many
   */
  redrive(name: string): Promise<number>;
  /** Takes no new work, lets running jobs end up to a limit, then aborts their signal; what did not end runs again elsewhere. */
  stop(): Promise<void>;
}
