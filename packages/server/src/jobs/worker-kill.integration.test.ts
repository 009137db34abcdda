import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, describe, it } from "vitest";
import { withTenant } from "../database/index.ts";
import { createTestDatabase, ENGINES, hasPostgres, type TestDatabase } from "../testing/test-database.ts";
import { createTestOrganization } from "../testing/test-organization.ts";

const script = fileURLToPath(new URL("../testing/job-worker-process.ts", import.meta.url));

interface Worker {
  child: ChildProcess;
  said(word: string): Promise<void>;
}

describe.concurrent.each(ENGINES)("a killed worker (%s)", (engine) => {
  let testDatabase: TestDatabase | undefined;
  const children: ChildProcess[] = [];

  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
    }
    await testDatabase?.drop();
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

  it.skipIf(engine === "postgresql" && !hasPostgres())(
    "has its job run again within 30 seconds, with one effect",
    async ({ expect }) => {
      testDatabase = await createTestDatabase(engine);
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
      const users = await withTenant(database.kysely, id, (tx) =>
        tx.selectFrom("users").select("external_id").where("external_id", "like", "%-%").execute(),
      );
      await database.close();
      const names = users.map((row) => row.external_id ?? "");
      expect(names.filter((name) => name.startsWith("try-"))).toHaveLength(2);
      expect(names.filter((name) => name.startsWith("effect-"))).toHaveLength(1);
    },
  );
});
