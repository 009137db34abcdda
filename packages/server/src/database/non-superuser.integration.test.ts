import { sql } from "kysely";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { createJobQueue } from "../jobs/create-job-queue.ts";
import type { JobDefinition } from "../jobs/job-queue.ts";
import { createLog } from "../log.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../testing/embedded-postgres.ts";
import { createTestOrganization } from "../testing/test-organization.ts";
import { createTestContext, createTestServices } from "../testing/test-services.ts";
import { connectDatabase, type DatabaseConnection, migrate } from "./index.ts";

// A server of its own: roles belong to the whole server, and here they must not exist yet.
describe.skipIf(inject("postgresUrl") === null)("a login role that is no superuser", () => {
  let server: EmbeddedPostgres | undefined;
  const open: DatabaseConnection[] = [];

  beforeAll(async () => {
    server = await startEmbeddedPostgres();
  });
  afterAll(async () => {
    for (const database of open) await database.close();
    await server?.stop();
  });

  async function administer(running: EmbeddedPostgres, ...statements: string[]): Promise<void> {
    const client = new Client({ connectionString: running.url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }

  async function connectAs(running: EmbeddedPostgres, role: string): Promise<DatabaseConnection> {
    const url = Object.assign(new URL(running.url), { username: role, pathname: `/${role}` });
    const database = await connectDatabase({ databaseUrl: url.href, dataDirectory: "" });
    open.push(database);
    return database;
  }

  /** Migrates, keeps tenants apart and runs a job; gives the states that the job went through to the end. */
  async function migrateAndWork(database: DatabaseConnection): Promise<string[]> {
    const { rows } = await sql<{
      super: boolean;
    }>`SELECT rolsuper AS super FROM pg_roles WHERE rolname = current_user`.execute(database.kysely);
    expect(rows[0]?.super).toBe(false);
    expect((await migrate(database)).length).toBeGreaterThan(0);
    const own = await createTestOrganization(database);
    await createTestOrganization(database);
    // Not even the tables' owner sees a row without a claim.
    const bare = await sql<{ n: number }>`SELECT count(*) AS n FROM users`.execute(database.kysely);
    expect(bare.rows[0]?.n).toBe(0);

    const run = vi.fn<JobDefinition["run"]>(async ({ ctx }) => {
      const users = await ctx.transact(({ tx }) =>
        tx.selectFrom("users").select("organization_id").execute(),
      );
      expect(new Set(users.map((user) => user.organization_id))).toEqual(new Set([own.id]));
    });
    const log = createLog("silent");
    const jobs = createJobQueue({
      database,
      definitions: [{ name: "plain", expireSeconds: 60, retryLimit: 0, concurrency: 1, run }],
      schedules: [],
      log,
      tickMilliseconds: 600_000,
    });
    const services = createTestServices(database, { jobs, log });
    await jobs.start(services, { work: true });
    try {
      await createTestContext(services, own).transact((inner) => jobs.enqueue(inner, "plain", {}));
      const states = async (): Promise<string[]> => {
        const { rows: found } = await sql<{
          state: string;
        }>`SELECT state::text FROM pgboss.job WHERE name = 'plain'`.execute(database.kysely);
        return found.map((row) => row.state);
      };
      await vi.waitFor(async () => expect(await states()).toEqual(["completed"]), 10_000);
      return await states();
    } finally {
      await jobs.stop();
    }
  }

  it("migrates and works with CREATEROLE", async ({ skip }) => {
    if (server === undefined) {
      skip("no PostgreSQL binaries here");
      return;
    }
    await administer(
      server,
      "CREATE ROLE first_owner LOGIN CREATEROLE",
      "CREATE DATABASE first_owner OWNER first_owner",
    );
    expect(await migrateAndWork(await connectAs(server, "first_owner"))).toEqual(["completed"]);
  });

  it("migrates and works without CREATEROLE where an administrator granted it the two roles", async ({
    skip,
  }) => {
    if (server === undefined) {
      skip("no PostgreSQL binaries here");
      return;
    }
    await administer(
      server,
      "CREATE ROLE second_owner LOGIN",
      "CREATE DATABASE second_owner OWNER second_owner",
      "GRANT agent_learning_app, agent_learning_system TO second_owner WITH INHERIT FALSE",
    );
    expect(await migrateAndWork(await connectAs(server, "second_owner"))).toEqual(["completed"]);
  });

  it("says so when it may neither create nor use the roles", async ({ skip }) => {
    if (server === undefined) {
      skip("no PostgreSQL binaries here");
      return;
    }
    await administer(
      server,
      "CREATE ROLE third_owner LOGIN",
      "CREATE DATABASE third_owner OWNER third_owner",
    );
    const database = await connectAs(server, "third_owner");
    await expect(migrate(database)).rejects.toMatchObject({ cause: { code: "42501" } });
  });
});
