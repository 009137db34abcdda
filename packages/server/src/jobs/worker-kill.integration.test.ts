import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterAll, describe, it, vi } from "vitest";
import { type DatabaseConnection, withTenant } from "../database/index.ts";
import { createTestDatabase, ENGINES, hasPostgres, type TestDatabase } from "../testing/test-database.ts";
import { createTestOrganization } from "../testing/test-organization.ts";

const script = fileURLToPath(new URL("../testing/job-worker-process.ts", import.meta.url));

interface Worker {
  child: ChildProcess;
  said(word: string): Promise<void>;
}

describe.concurrent.each(ENGINES)("a killed worker (%s)", (engine) => {
  const databases: TestDatabase[] = [];
  const children: ChildProcess[] = [];

  afterAll(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
    }
    for (const testDatabase of databases.splice(0)) await testDatabase.drop();
  });

  function startWorker(database: TestDatabase, mode: "hang" | "work", organizationId: string): Worker {
    const { dataDirectory, databaseUrl = "" } = database.options;
    const child = spawn(
      process.execPath,
      ["--conditions=agent-learning-source", script, dataDirectory, databaseUrl, mode, organizationId],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    children.push(child);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    const said = async (word: string): Promise<void> => {
      while (!output.includes(`${word}\n`)) {
        if (child.exitCode !== null) throw new Error(`the worker ended before it said ${word}: ${output}`);
        await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
      }
    };
    return { child, said };
  }

  async function names(
    database: DatabaseConnection,
    organization: string,
    prefix: string,
  ): Promise<unknown[]> {
    return withTenant(database.kysely, organization, (tx) =>
      tx.selectFrom("users").select("external_id").where("external_id", "like", `${prefix}%`).execute(),
    );
  }

  it.skipIf(engine === "postgresql" && !hasPostgres())(
    "has its job run again within 30 seconds, with one effect",
    async ({ expect }) => {
      const testDatabase = await createTestDatabase(engine);
      databases.push(testDatabase);
      const setUp = await testDatabase.connect();
      const { id } = await createTestOrganization(setUp);
      await setUp.close();

      const first = startWorker(testDatabase, "hang", id);
      await first.said("running");
      first.child.kill("SIGKILL");
      await once(first.child, "exit");
      const killed = performance.now();

      const second = startWorker(testDatabase, "work", id);
      await second.said("done");
      const seconds = (performance.now() - killed) / 1_000;
      second.child.kill("SIGTERM");
      const [code] = (await once(second.child, "exit")) as [number | null];
      expect(code).toBe(0);
      expect(seconds).toBeLessThan(30);

      const database = await testDatabase.connect();
      const tries = await names(database, id, "try-");
      const effects = await names(database, id, "effect-");
      await database.close();
      expect({ tries: tries.length, effects: effects.length }).toEqual({ tries: 2, effects: 1 });
    },
  );

  // A second process cannot open PGlite's directory while the first one lives.
  if (engine === "pglite") return;
  it.skipIf(!hasPostgres())(
    "that was only stopped, past its lease, learns that its job is another's and completes nothing",
    async ({ expect }) => {
      const testDatabase = await createTestDatabase(engine);
      databases.push(testDatabase);
      const database = await testDatabase.connect();
      try {
        const { id } = await createTestOrganization(database);
        const first = startWorker(testDatabase, "hang", id);
        await first.said("running");
        first.child.kill("SIGSTOP");
        const second = startWorker(testDatabase, "work", id);
        await second.said("done");
        const job = async (): Promise<unknown> => {
          const { rows } = await sql`SELECT state::text, retry_count, completed_on FROM pgboss.job
            WHERE name = 'kill-test'`.execute(database.kysely);
          return rows;
        };
        await vi.waitFor(async () => expect(await job()).toMatchObject([{ state: "completed" }]), 5_000);
        const settled = await job();
        expect(settled).toMatchObject([{ retry_count: 1 }]);
        first.child.kill("SIGCONT");
        await first.said("aborted");
        await first.said("done");
        await sleep(1_000);
        expect(await job()).toEqual(settled);
        expect(await names(database, id, "effect-")).toHaveLength(1);
      } finally {
        await database.close();
      }
    },
  );
});
