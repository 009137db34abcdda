// A worker in a process of its own, to be killed. Arguments: data directory, database URL or "", what to do.
// `hang`: enqueues the job in the organization given last and works on it until it is told to stop; then it ends as if all were well. `work`: runs what is there.
import { once } from "node:events";
import { createJobQueue } from "../jobs/create-job-queue.ts";
import type { JobDefinition } from "../jobs/job-queue.ts";
import { systemContext } from "../create-context.ts";
import { connectDatabase } from "../database/index.ts";
import { createLog } from "../log.ts";
import { newId } from "../new-id.ts";
import { createTestServices } from "./test-services.ts";

const [dataDirectory = "", databaseUrl = "", mode = "work", organizationId = ""] = process.argv.slice(2);

/** Leaves one end user for each try, and one for the job however often it runs. */
const definition: JobDefinition = {
  name: "kill-test",
  expireSeconds: 600,
  retryLimit: 3,
  concurrency: 1,
  run: async ({ ctx, data, signal }) => {
    const leave = (externalId: string): Promise<unknown> =>
      ctx.transact((inner) =>
        inner.tx
          .insertInto("users")
          .values({
            organization_id: ctx.organizationId,
            id: newId(),
            kind: "end_user",
            external_id: externalId,
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
      );
    await leave(`try-${newId()}`);
    if (mode === "hang") {
      process.stdout.write("running\n");
      await once(signal, "abort");
      process.stdout.write("aborted\n");
    }
    await leave(`effect-${String(data.effect)}`);
    process.stdout.write("done\n");
  },
};

const database = await connectDatabase({
  dataDirectory,
  ...(databaseUrl === "" ? {} : { databaseUrl }),
});
const log = createLog("warn");
const jobs = createJobQueue({
  database,
  definitions: [definition],
  schedules: [],
  log,
  tickMilliseconds: 600_000,
});
const services = createTestServices(database, { jobs, log });
await jobs.start(services, { work: true });
if (mode === "hang") {
  const ctx = systemContext(services, organizationId, "test");
  await ctx.transact((inner) =>
    jobs.enqueue(inner, definition.name, { effect: 1 }, { singletonKey: "once" }),
  );
}
process.once("SIGTERM", () => {
  void jobs.stop().then(() => database.close());
});
process.stdout.write("started\n");
