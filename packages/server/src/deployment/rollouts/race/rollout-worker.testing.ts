// A process with several workers at the same rollouts, to be killed at a chosen step. One argument: `WorkerTask` as JSON.
// It says `done` once every rollout has ended.
import { AsyncLocalStorage } from "node:async_hooks";
import type { KyselyPlugin } from "kysely";
import { systemContext } from "../../../create-context.ts";
import { connectDatabase, type ConnectOptions } from "../../../database/index.ts";
import { createTestServices } from "../../../testing/test-services.ts";
import { advanceRollout } from "../advance-rollout.ts";
import { selectRollout } from "../store.ts";

export interface WorkerTask {
  connection: ConnectOptions;
  workers: number;
  /** The statement of one look before which the process dies; `committed`: right after a transition; null: never. */
  killAt: number | "committed" | null;
  rollouts: { organizationId: string; rolloutId: string }[];
}

const task = JSON.parse(process.argv[2] ?? "") as WorkerTask;
const looks = new AsyncLocalStorage<{ statements: number }>();
const die = (): void => void process.kill(process.pid, "SIGKILL");

const killer: KyselyPlugin = {
  transformQuery: ({ node }) => {
    const look = looks.getStore();
    if (look !== undefined) {
      look.statements += 1;
      if (look.statements === task.killAt) die();
    }
    return node;
  },
  transformResult: async ({ result }) => result,
};

const database = await connectDatabase({ ...task.connection, poolSize: task.workers });
const services = createTestServices({ ...database, kysely: database.kysely.withPlugin(killer) });
const ended = new Set<string>();

async function look({ organizationId, rolloutId }: WorkerTask["rollouts"][number]): Promise<void> {
  const ctx = systemContext(services, organizationId, "race");
  const read = () => ctx.transact((tenant) => selectRollout(tenant, rolloutId));
  const before = await read();
  if (before === undefined) throw new Error(`there is no rollout ${rolloutId}`);
  if (before.ended_at !== null) {
    ended.add(rolloutId);
    return;
  }
  const after = await looks.run({ statements: 0 }, () => advanceRollout({ ctx, input: { rolloutId } }));
  if (task.killAt === "committed" && after !== undefined && after.version > before.version) die();
}

await Promise.all(
  Array.from({ length: task.workers }, async () => {
    while (ended.size < task.rollouts.length) {
      for (const rollout of task.rollouts) if (!ended.has(rollout.rolloutId)) await look(rollout);
    }
  }),
);
await database.close();
process.stdout.write("done\n");
