import { systemContext } from "../../create-context.ts";
import type { ScheduleDefinition } from "../../jobs/job-queue.ts";
import { monitorExperiment } from "./monitor-experiment.ts";
import { selectActiveIds, selectLateIds } from "./store.ts";

/** Folds, analyses and, by the policy, decides every experiment that is running; of ended ones, takes in what came late. */
export const experimentSchedule: ScheduleDefinition = {
  name: "monitor-experiments",
  everySeconds: 30,
  async sweep(services, organizationId) {
    const ctx = systemContext(services, organizationId, "monitor-experiments");
    const ids = await ctx.transact(async (tenant) => [
      ...(await selectActiveIds(tenant)),
      ...(await selectLateIds(tenant)),
    ]);
    for (const experimentId of ids) await monitorExperiment({ ctx, input: { experimentId } });
  },
};
