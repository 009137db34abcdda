import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { RolloutDetails } from "@agent-learning/contract";
import { afterAll, describe, it } from "vitest";
import { type DatabaseConnection, withTenant } from "../../../database/index.ts";
import { evidenceObservers } from "../../../evidence-observers.ts";
import { createTestApi } from "../../../testing/test-api.ts";
import {
  createTestDatabase,
  ENGINES,
  hasPostgres,
  type TestDatabase,
} from "../../../testing/test-database.ts";
import type { GuardrailState } from "../../guardrails/index.ts";
import { rolloutActions, type Setting } from "../rollout-actions.testing.ts";
import type { WorkerTask } from "./rollout-worker.testing.ts";

const script = fileURLToPath(new URL("./rollout-worker.testing.ts", import.meta.url));

/** Transitions that workers race for; a long run: LEARNING_ROLLOUT_RACES=1000. */
const RACES = Number(process.env.LEARNING_ROLLOUT_RACES ?? 38);
const STAGES = 20;
const UNITS = 60;
const POLICY = {
  rollout: {
    stages: Array.from({ length: STAGES }, (_, stage) => ({
      share: stage === STAGES - 1 ? 1 : (stage + 1) / 100,
      hours: 0,
    })),
    min_units: 20,
  },
  guardrails: { required: ["error_rate"], max_error_rate: 0.5 },
};
/** A look that makes a transition has fewer statements than this; beyond it nobody dies. */
const STEPS = 26;

describe.each(ENGINES)("twenty workers at one rollout, killed at each step (%s)", (engine) => {
  const databases: TestDatabase[] = [];
  const children = new Set<ChildProcess>();

  afterAll(async () => {
    for (const child of children) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    for (const testDatabase of databases.splice(0)) await testDatabase.drop();
  });

  /** Runs one worker process to its end, by its own hand or not. */
  async function runWorker(task: WorkerTask): Promise<"done" | "killed"> {
    const child = spawn(
      process.execPath,
      ["--conditions=agent-learning-source", script, JSON.stringify(task)],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    children.add(child);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    children.delete(child);
    if (signal === "SIGKILL") return "killed";
    if (code !== 0 || output !== "done\n") throw new Error(`a worker ended with ${String(code)}: ${output}`);
    return "done";
  }

  it.skipIf(engine === "postgresql" && !hasPostgres())(
    "make one transition for each version, and as many audit rows as transitions",
    async ({ expect }) => {
      const testDatabase = await createTestDatabase(engine);
      databases.push(testDatabase);
      let database: DatabaseConnection = await testDatabase.connect();
      const actions = rolloutActions(
        () => api,
        () => database,
      );
      let api = createTestApi(database, { evidenceObservers });
      const start = async (errorRate: number): Promise<Setting> => {
        const setting = await actions.started(POLICY);
        const control = { units: UNITS };
        await actions.send(setting, { candidate: { units: UNITS, errorRate }, control });
        return setting;
      };
      const good: Setting[] = [];
      while (good.length * (STAGES - 1) < RACES) good.push(await start(0));
      const bad = [await start(1), await start(1)];
      const all = [...good, ...bad];
      await api.close();
      await database.close();

      const processes = engine === "pglite" ? 1 : 4;
      const rollouts = all.map(({ organization, rollout }) => ({
        organizationId: organization.id,
        rolloutId: rollout.id,
      }));
      const everyStep = Array.from({ length: STEPS }, (_, step) => step + 1);
      // Opening an embedded database takes long. All the steps are a long run's.
      const part = RACES >= 500 ? 1 : engine === "pglite" ? 5 : 2;
      const steps = everyStep.filter((step) => step % part === 0);
      const rounds = Math.ceil(RACES / 250);
      const deaths: WorkerTask["killAt"][] = Array.from({ length: rounds }, () => [
        ...steps,
        "committed" as const,
      ]).flat();
      let killed = 0;
      const slot = async (): Promise<void> => {
        for (;;) {
          const killAt = deaths.shift() ?? null;
          const workers = 20 / processes;
          const ending = await runWorker({ connection: testDatabase.options, workers, killAt, rollouts });
          if (ending === "killed") killed += 1;
          else if (killAt === null) return;
        }
      };
      await Promise.all(Array.from({ length: processes }, slot));
      expect(killed).toBeGreaterThan(steps.length / 3);

      database = await testDatabase.connect();
      api = createTestApi(database, { evidenceObservers });
      try {
        for (const setting of good) {
          const after = await actions.read(setting);
          expect(after).toMatchObject({
            status: "completed",
            share: 1,
            stage: STAGES - 1,
            version: STAGES + 1,
          });
          await expectOneCourse(setting, after, ["started", ...everyStage("advanced"), "completed"]);
          const served = await actions.serving(setting.organization);
          expect(served).toMatchObject({ default_version_id: setting.treatment.id, split: null });
        }
        for (const setting of bad) {
          const after = await actions.read(setting);
          expect(after).toMatchObject({ status: "rolled_back", share: 0, stage: 0, version: 3 });
          await expectOneCourse(setting, after, ["started", "rolled_back"]);
          const served = await actions.serving(setting.organization);
          expect(served).toMatchObject({ default_version_id: setting.control.id, split: null });
        }
      } finally {
        await api.close();
        await database.close();
      }

      function everyStage(event: string): string[] {
        return Array.from({ length: STAGES - 2 }, () => event);
      }

      async function expectOneCourse(
        { organization, rollout, agentId }: Setting,
        { history }: RolloutDetails,
        events: string[],
      ): Promise<void> {
        expect(history.map((event) => event.event)).toEqual(["created", ...events]);
        expect(history.map((event) => event.version)).toEqual(history.map((_, index) => index + 1));
        const transitions = await actions.audited(organization, rollout.id);
        expect(transitions).toEqual(history.map((event) => `rollout.${event.event}`));
        const moved = (await actions.audited(organization, agentId)).filter((one) => one === "serving.moved");
        expect(moved).toHaveLength(events.includes("completed") ? 2 : 1);
        const verified = await api.call(organization, "GET", "/audit/verification");
        expect(verified.body).toMatchObject({ intact: true });
        const row = await withTenant(database.kysely, organization.id, (tx) =>
          tx
            .selectFrom("rollouts")
            .select("guardrails")
            .where("id", "=", rollout.id)
            .executeTakeFirstOrThrow(),
        );
        const state = row.guardrails as unknown as GuardrailState;
        // Every unit was folded once and entered the tests once, whoever died over it.
        expect(state.errorRate.units).toBe(UNITS);
        expect(state.sums["0"]?.candidate?.error_rate).toMatchObject({ n: UNITS, otherSum: UNITS });
      }
    },
    600_000 + RACES * 2_000,
  );
});
