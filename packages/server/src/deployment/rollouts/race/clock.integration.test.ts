import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type DatabaseConnection, withTenant } from "../../../database/index.ts";
import { evidenceObservers } from "../../../evidence-observers.ts";
import { createTestApi, type TestApi } from "../../../testing/test-api.ts";
import {
  createTestDatabase,
  hasPostgres,
  setClock,
  type TestDatabase,
} from "../../../testing/test-database.ts";
import { rolloutActions, type Setting } from "../rollout-actions.testing.ts";

const CLI = fileURLToPath(new URL("../../../cli.ts", import.meta.url));
const HOUR = 3_600_000;

/** Everything in the process believes that it is another time. */
const shiftClock = (milliseconds: number): string =>
  `--import=data:text/javascript,${encodeURIComponent(`
    const Real = Date;
    globalThis.Date = class Date extends Real {
      constructor(...parts) { if (parts.length === 0) super(Real.now() + ${milliseconds}); else super(...parts); }
      static now() { return Real.now() + ${milliseconds}; }
    };`)}`;

describe.skipIf(!hasPostgres())("workers whose clocks are wrong", () => {
  const workers: ChildProcess[] = [];
  let testDatabase: TestDatabase;
  let database: DatabaseConnection;
  let api: TestApi;
  const { started, read, send, audited } = rolloutActions(
    () => api,
    () => database,
  );

  async function startWorker(offset: number): Promise<void> {
    const child = spawn(
      process.execPath,
      ["--conditions=agent-learning-source", shiftClock(offset), CLI, "worker", "--json"],
      {
        env: {
          PATH: process.env.PATH,
          DATABASE_URL: testDatabase.options.databaseUrl,
          LEARNING_DATA_DIR: testDatabase.options.dataDirectory,
          LEARNING_ADMIN_KEY: "clock-test-administrator-key-0001",
          LEARNING_LOG_LEVEL: "error",
          LEARNING_POOL_SIZE: "3",
          LEARNING_TICK_MILLISECONDS: "100",
        },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    workers.push(child);
    await Promise.race([
      once(child.stdout, "data"),
      once(child, "exit").then(([code]) =>
        Promise.reject(new Error(`the worker ended with ${String(code)}`)),
      ),
    ]);
  }

  beforeAll(async () => {
    testDatabase = await createTestDatabase("postgresql");
    database = await testDatabase.connect();
    api = createTestApi(database, { evidenceObservers });
  });
  afterAll(async () => {
    for (const worker of workers) {
      const gone = once(worker, "exit");
      worker.kill("SIGKILL");
      await gone;
    }
    await api.close();
    await database.close();
    await testDatabase.drop();
  });

  const lookedAt = async (setting: Setting, after: string | null): Promise<string> => {
    await vi.waitFor(
      async () => {
        const { evaluated_at: at, status } = await read(setting);
        if (status === "running" && (at === null || at === after)) throw new Error("nobody has looked yet");
      },
      { timeout: 60_000, interval: 100 },
    );
    return (await read(setting)).evaluated_at ?? "";
  };

  it(
    "leave no stage early, none twice, and let nothing expire that is not due",
    { timeout: 180_000 },
    async () => {
      const setting = await started();
      const { organization, rollout } = setting;
      const healthy = { candidate: { units: 300 }, control: { units: 300 } };
      await send(setting, healthy);
      const held = await api.call(organization, "POST", "/feedback", {
        as: "secret",
        body: {
          execution_id: "not-there-yet",
          agent_id: "my-agent",
          user_id: "u",
          feedback_type: "thumbs_up",
        },
      });
      expect(held.status).toBeLessThan(300);

      await Promise.all([0, -2 * HOUR, 2 * HOUR, 72 * HOUR].map(startWorker));
      // Several sweeps of each.
      let look = await lookedAt(setting, null);
      for (let round = 0; round < 3; round += 1) {
        await setClock(database, `${(round + 1) * 10} seconds`);
        look = await lookedAt(setting, look);
        await sleep(300);
      }
      expect(await read(setting)).toMatchObject({ stage: 0, version: 2, why: { verdict: "HOLD" } });
      const waiting = await withTenant(database.kysely, organization.id, (tx) =>
        tx.selectFrom("agent_feedback_holding").select("status").execute(),
      );
      expect(waiting).toEqual([{ status: "held" }]);

      // Due, by the time that decides: one of them moves it, by one stage however late it is.
      await setClock(database, "100 hours");
      await send(setting, { candidate: { units: 20 }, control: { units: 20 } }, { prefix: "b" });
      await vi.waitFor(async () => expect((await read(setting)).stage).toBe(1), {
        timeout: 60_000,
        interval: 100,
      });
      look = await lookedAt(setting, null);
      for (let round = 0; round < 3; round += 1) {
        await setClock(database, `100 hours ${(round + 1) * 10} seconds`);
        look = await lookedAt(setting, look);
        await sleep(300);
      }
      // The time that decides is set back: nothing moves, and nobody stops looking.
      await setClock(database, "90 hours");
      look = await lookedAt(setting, look);
      const after = await read(setting);
      expect(after).toMatchObject({ status: "running", stage: 1, share: 0.25, version: 3 });
      expect(after.history.map((event) => event.event)).toEqual(["created", "started", "advanced"]);
      expect(await audited(organization, rollout.id)).toEqual([
        "rollout.created",
        "rollout.started",
        "rollout.advanced",
      ]);
    },
  );
});
