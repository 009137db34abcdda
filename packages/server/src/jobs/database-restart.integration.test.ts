import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { connectDatabase, type DatabaseConnection, isDatabaseAway, migrate } from "../database/index.ts";
import { createLog } from "../log.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../testing/embedded-postgres.ts";
import { createTestOrganization } from "../testing/test-organization.ts";
import { createTestContext, createTestServices } from "../testing/test-services.ts";
import { createJobQueue } from "./create-job-queue.ts";
import type { JobDefinition, JobQueue } from "./job-queue.ts";

// A server of its own, because other suites would not survive its restart.
describe.skipIf(inject("postgresUrl") === null)("a PostgreSQL that goes away", () => {
  let server: EmbeddedPostgres | undefined;
  let database: DatabaseConnection | undefined;
  let queue: JobQueue | undefined;
  const done: unknown[] = [];
  const broken: string[] = [];
  const run: JobDefinition["run"] = async ({ ctx, data }) => {
    await ctx.transact((inner) => inner.tx.selectFrom("users").select("id").execute());
    done.push(data.n);
  };

  beforeAll(async () => {
    server = await startEmbeddedPostgres();
    if (server === undefined) return;
    database = await connectDatabase({
      databaseUrl: server.url,
      dataDirectory: "",
      onConnectionError: (error) => broken.push(error.message),
    });
    await migrate(database);
  });
  afterAll(async () => {
    await queue?.stop();
    await database?.close();
    await server?.stop();
  });

  it("ends no process: queries fail as away, and jobs go on when it is back", async ({ skip }) => {
    if (server === undefined || database === undefined) {
      skip("no PostgreSQL binaries here");
      return;
    }
    const { kysely } = database;
    const log = createLog("silent");
    queue = createJobQueue({
      database,
      definitions: [{ name: "steady", expireSeconds: 60, retryLimit: 5, concurrency: 2, run }],
      schedules: [],
      log,
      tickMilliseconds: 50,
      pollSeconds: 1,
    });
    const jobs = queue;
    const services = createTestServices(database, { jobs, log });
    await jobs.start(services, { work: true });
    const ctx = createTestContext(services, await createTestOrganization(database));
    const enqueue = (n: number): Promise<void> =>
      ctx.transact((inner) => jobs.enqueue(inner, "steady", { n }));
    await enqueue(1);
    await vi.waitFor(() => expect(done).toEqual([1]), { timeout: 10_000 });

    // A transaction that is idle between two queries when its backend is ended.
    const interrupted = kysely.transaction().execute(async (tx) => {
      await sql`SELECT 1`.execute(tx);
      await sleep(500);
      await sql`SELECT 1`.execute(tx);
    });
    const failure = interrupted.then(
      () => undefined,
      (error: unknown) => error,
    );
    await sleep(100);
    const terminator = await connectDatabase({ databaseUrl: server.url, dataDirectory: "", poolSize: 1 });
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`.execute(terminator.kysely);
    await terminator.close();
    expect(isDatabaseAway(await failure)).toBe(true);
    expect(broken.length).toBeGreaterThan(0);
    await enqueue(2);
    await vi.waitFor(() => expect(done).toContain(2), { timeout: 10_000 });

    const restarted = server.restart();
    await sleep(50);
    const during = await enqueue(3).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(during === undefined || isDatabaseAway(during)).toBe(true);
    await restarted;
    const back = performance.now();
    await vi.waitFor(() => enqueue(4), { timeout: 5_000, interval: 50 });
    expect(performance.now() - back).toBeLessThan(5_000);
    const acknowledged = during === undefined ? [1, 2, 3, 4] : [1, 2, 4];
    await vi.waitFor(() => expect(done).toEqual(expect.arrayContaining(acknowledged)), { timeout: 20_000 });
  });
});
