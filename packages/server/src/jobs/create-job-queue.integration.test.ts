import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterEach, expect, it, vi } from "vitest";
import type { Context } from "../context.ts";
import { systemContext } from "../create-context.ts";
import { createLog } from "../log.ts";
import type { Services } from "../services.ts";
import { describeEachEngine } from "../testing/test-database.ts";
import { createTestOrganization } from "../testing/test-organization.ts";
import { createTestContext, createTestServices } from "../testing/test-services.ts";
import { createJobQueue, type JobQueueOptions } from "./create-job-queue.ts";
import type { JobData, JobDefinition, JobQueue } from "./job-queue.ts";

type Run = JobDefinition["run"];

let counter = 0;

/** A kind of job of its own per test, because a suite's tests share one database. */
function definition(run: Run, overrides: Partial<JobDefinition> = {}): JobDefinition {
  counter += 1;
  return { name: `test-${counter}`, expireSeconds: 60, retryLimit: 1, concurrency: 1, run, ...overrides };
}

describeEachEngine("job queue", (suite) => {
  const open: JobQueue[] = [];
  afterEach(async () => {
    for (const queue of open.splice(0)) await queue.stop();
  });

  async function startQueue(
    overrides: Partial<JobQueueOptions>,
    { work = true }: { work?: boolean } = {},
  ): Promise<{ queue: JobQueue; services: Services; lines: string[] }> {
    const lines: string[] = [];
    const log = createLog("debug", (line) => lines.push(line));
    const { database } = suite;
    const queue = createJobQueue({
      database,
      definitions: [],
      schedules: [],
      log,
      tickMilliseconds: 600_000,
      stopGraceMilliseconds: 200,
      pollSeconds: 1,
      ...overrides,
    });
    const services = createTestServices(database, { jobs: queue, log });
    await queue.start(services, { work });
    open.push(queue);
    return { queue, services, lines };
  }

  async function newContext(services: Services): Promise<Context> {
    return createTestContext(services, await createTestOrganization(suite.database));
  }

  async function jobStates(name: string): Promise<string[]> {
    const { rows } = await sql<{
      state: string;
    }>`SELECT state::text FROM pgboss.job WHERE name = ${name}`.execute(suite.database.kysely);
    return rows.map((row) => row.state);
  }

  it("runs a job of a committed transaction quickly, in its organization", async () => {
    const seen: { data: JobData; organizationId: string; actor: unknown; visible: number }[] = [];
    const job = definition(async ({ ctx, data }) => {
      const visible = await ctx.transact((inner) => inner.tx.selectFrom("users").select("id").execute());
      seen.push({ data, organizationId: ctx.organizationId, actor: ctx.actor, visible: visible.length });
    });
    const { queue, services } = await startQueue({ definitions: [job], pollSeconds: 10 });
    await sleep(300);
    const ctx = await newContext(services);
    const started = performance.now();
    await ctx.transact((inner) => queue.enqueue(inner, job.name, { runId: "r1", step: 2 }));
    await vi.waitFor(() => expect(seen).toHaveLength(1), { timeout: 5_000, interval: 10 });
    // Below the polling interval: the commit's notification wakes the worker.
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(seen[0]).toEqual({
      data: { runId: "r1", step: 2, organizationId: ctx.organizationId },
      organizationId: ctx.organizationId,
      actor: { kind: "system", worker: `job:${job.name}` },
      visible: 5,
    });
    await vi.waitFor(async () => expect(await jobStates(job.name)).toEqual(["completed"]));
  });

  it("enqueues nothing when the transaction rolls back", async () => {
    const run = vi.fn<Run>(async () => undefined);
    const job = definition(run);
    const { queue, services } = await startQueue({ definitions: [job] });
    const ctx = await newContext(services);
    const undone = ctx.transact(async (inner) => {
      await queue.enqueue(inner, job.name, {});
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect(await jobStates(job.name)).toEqual([]);
    expect(run).not.toHaveBeenCalled();
  });

  it("leaves the transaction in its tenant's role after enqueueing, also when that failed", async () => {
    const job = definition(async () => undefined);
    const { queue, services } = await startQueue({ definitions: [job] }, { work: false });
    const ctx = await newContext(services);
    await createTestOrganization(suite.database);
    const roles = await ctx.transact(async (inner) => {
      const role = async () => {
        const { rows } = await sql<{ role: string; organizations: number }>`SELECT current_user AS role,
          (SELECT count(*) FROM organizations) AS organizations`.execute(inner.tx);
        return rows[0];
      };
      await queue.enqueue(inner, job.name, {});
      const after = await role();
      await expect(queue.enqueue(inner, "no-such-job", {})).rejects.toThrow("no kind of job is called");
      await expect(queue.enqueue(inner, job.name, {}, { startAfterSeconds: Number.NaN })).rejects.toThrow(
        RangeError,
      );
      return [after, await role()];
    });
    expect(roles).toEqual([
      { role: "agent_learning_app", organizations: 1 },
      { role: "agent_learning_app", organizations: 1 },
    ]);
  });

  it("gives tenants no right to the queue's tables", async () => {
    const job = definition(async () => undefined);
    const { services } = await startQueue({ definitions: [job] }, { work: false });
    const ctx = await newContext(services);
    const read = ctx.transact((inner) => sql`SELECT * FROM pgboss.job`.execute(inner.tx));
    await expect(read).rejects.toMatchObject({ code: "42501" });
  });

  it("keeps one waiting or running job per singleton key and organization", async () => {
    const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
    const runs: string[] = [];
    const job = definition(
      async ({ ctx }) => {
        runs.push(ctx.organizationId);
        await gate;
      },
      { concurrency: 4 },
    );
    const { queue, services } = await startQueue({ definitions: [job] });
    const [one, two] = [await newContext(services), await newContext(services)];
    const enqueue = (ctx: Context): Promise<void> =>
      ctx.transact((inner) => queue.enqueue(inner, job.name, {}, { singletonKey: "same" }));
    await Promise.all([enqueue(one), enqueue(one), enqueue(one), enqueue(two)]);
    await vi.waitFor(() => expect(runs).toHaveLength(2), { timeout: 5_000 });
    await enqueue(one);
    expect(new Set(runs)).toEqual(new Set([one.organizationId, two.organizationId]));
    expect(await jobStates(job.name)).toEqual(["active", "active"]);
    openGate();
    await vi.waitFor(async () => expect(await jobStates(job.name)).toEqual(["completed", "completed"]));
    await enqueue(one);
    await vi.waitFor(() => expect(runs).toHaveLength(3), { timeout: 5_000 });
  });

  it("retries with backoff, then puts a poison job aside while others run; redrive brings it back", async () => {
    let poisoned = true;
    const tries: number[] = [];
    const done: unknown[] = [];
    const job = definition(
      async ({ data }) => {
        if (data.poison === true) tries.push(performance.now());
        if (data.poison === true && poisoned) throw new Error("secret content of a row");
        done.push(data.n);
      },
      { retryLimit: 1, concurrency: 1 },
    );
    const { queue, services, lines } = await startQueue({ definitions: [job] });
    const ctx = await newContext(services);
    await ctx.transact(async (inner) => {
      await queue.enqueue(inner, job.name, { poison: true, n: -1 });
      for (let n = 0; n < 10; n += 1) await queue.enqueue(inner, job.name, { n });
    });
    await vi.waitFor(() => expect(done).toHaveLength(10), { timeout: 40_000 });
    await vi.waitFor(async () => expect(await jobStates(job.name)).toContain("failed"), { timeout: 20_000 });
    expect(tries).toHaveLength(2);
    expect((tries[1] ?? 0) - (tries[0] ?? 0)).toBeGreaterThan(900);
    const dead = await sql<{ output: object }>`SELECT source_output AS output FROM pgboss.job
      WHERE name = 'dead-letter' AND source_name = ${job.name}`.execute(suite.database.kysely);
    expect(dead.rows).toHaveLength(1);
    expect(JSON.stringify(dead.rows)).not.toContain("secret content");
    expect(lines.some((line) => line.includes("last try"))).toBe(true);
    poisoned = false;
    expect(await queue.redrive(job.name)).toBe(1);
    expect(await queue.redrive(job.name)).toBe(0);
    await vi.waitFor(() => expect(done).toContain(-1), { timeout: 10_000 });
  });

  it("puts a job aside at once whose data names no organization", async () => {
    const run = vi.fn<Run>(async () => undefined);
    const job = definition(run, { retryLimit: 5 });
    await startQueue({ definitions: [job] });
    await sql`INSERT INTO pgboss.job_common (name, data, policy, singleton_key, dead_letter)
      VALUES (${job.name}, '{"organizationId": "someone"}', 'exclusive', 'x', 'dead-letter')`.execute(
      suite.database.kysely,
    );
    await vi.waitFor(async () => expect(await jobStates(job.name)).toEqual(["failed"]), { timeout: 15_000 });
    expect(run).not.toHaveBeenCalled();
  });

  it("aborts a job that outlasts its time and tries it again", async () => {
    const aborted: boolean[] = [];
    let tries = 0;
    const job = definition(
      async ({ signal }) => {
        tries += 1;
        if (tries > 1) return;
        await sleep(20_000, undefined, { signal }).catch(() => undefined);
        aborted.push(signal.aborted);
      },
      { expireSeconds: 1 },
    );
    const { queue, services } = await startQueue({ definitions: [job] });
    const ctx = await newContext(services);
    await ctx.transact((inner) => queue.enqueue(inner, job.name, {}));
    await vi.waitFor(async () => expect(await jobStates(job.name)).toEqual(["completed"]), {
      timeout: 20_000,
    });
    expect({ aborted, tries }).toEqual({ aborted: [true], tries: 2 });
  });

  it("lets running jobs end at a stop, aborts the slow ones and does not count that as a failure", async () => {
    const ended: unknown[] = [];
    const job = definition(
      async ({ data, signal }) => {
        await sleep(data.milliseconds as number, undefined, { signal });
        ended.push(data.milliseconds);
      },
      { retryLimit: 0, concurrency: 2 },
    );
    const first = await startQueue({ definitions: [job], stopGraceMilliseconds: 1_000 });
    const ctx = await newContext(first.services);
    await ctx.transact(async (inner) => {
      await first.queue.enqueue(inner, job.name, { milliseconds: 600 });
      await first.queue.enqueue(inner, job.name, { milliseconds: 2_500 });
    });
    await vi.waitFor(async () => expect(await jobStates(job.name)).toEqual(["active", "active"]), {
      timeout: 5_000,
      interval: 20,
    });
    await first.queue.stop();
    expect(ended).toEqual([600]);
    expect((await jobStates(job.name)).toSorted()).toEqual(["completed", "retry"]);
    await startQueue({ definitions: [job] });
    await vi.waitFor(() => expect(ended).toEqual([600, 2_500]), { timeout: 20_000 });
  });

  it("delays a job by startAfterSeconds", async () => {
    const run = vi.fn<Run>(async () => undefined);
    const job = definition(run);
    const { queue, services } = await startQueue({ definitions: [job] });
    const ctx = await newContext(services);
    await ctx.transact((inner) => queue.enqueue(inner, job.name, {}, { startAfterSeconds: 2 }));
    await sleep(1_000);
    expect(run).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(run).toHaveBeenCalledOnce(), { timeout: 10_000 });
  });

  it("only enqueues in an api process; a worker runs it", async () => {
    const run = vi.fn<Run>(async () => undefined);
    const job = definition(run);
    const api = await startQueue({ definitions: [job] }, { work: false });
    const ctx = await newContext(api.services);
    await ctx.transact((inner) => api.queue.enqueue(inner, job.name, {}));
    await sleep(500);
    expect(run).not.toHaveBeenCalled();
    await startQueue({ definitions: [job] });
    await vi.waitFor(() => expect(run).toHaveBeenCalledOnce(), { timeout: 10_000 });
  });

  it("brings a queue's settings up to date at the next start", async () => {
    const job = definition(async () => undefined, { retryLimit: 1 });
    await startQueue({ definitions: [job] }, { work: false });
    await startQueue({ definitions: [{ ...job, retryLimit: 7, expireSeconds: 99 }] }, { work: false });
    const { rows } =
      await sql`SELECT retry_limit, expire_seconds FROM pgboss.queue WHERE name = ${job.name}`.execute(
        suite.database.kysely,
      );
    expect(rows).toEqual([{ retry_limit: 7, expire_seconds: 99 }]);
  });

  it("enqueues from many transactions at once beside running jobs and sweeps, without a deadlock", async () => {
    const seen = new Set<unknown>();
    const job = definition(
      async ({ ctx, data }) => {
        await ctx.transact((inner) => inner.tx.selectFrom("users").select("id").execute());
        seen.add(data.n);
      },
      { concurrency: 3 },
    );
    const sweep = vi.fn<(services: Services, organizationId: string) => Promise<void>>(
      async (services, organizationId) => {
        await systemContext(services, organizationId, "sweep").transact((inner) =>
          inner.tx.selectFrom("users").select("id").execute(),
        );
      },
    );
    const { queue, services } = await startQueue({
      definitions: [job],
      schedules: [{ name: "busy", everySeconds: 0, sweep }],
      tickMilliseconds: 20,
    });
    const ctx = await newContext(services);
    const numbers = Array.from({ length: 40 }, (_, n) => n);
    await Promise.all(
      numbers.map((n) =>
        ctx.transact(async (inner) => {
          await inner.tx.selectFrom("users").select("id").execute();
          await queue.enqueue(inner, job.name, { n });
          await inner.tx.selectFrom("users").select("id").execute();
        }),
      ),
    );
    await vi.waitFor(() => expect(seen.size).toBe(40), { timeout: 30_000 });
    expect(sweep.mock.calls.length).toBeGreaterThan(0);
  });
});
