import { systemContext } from "../../create-context.ts";
import type { ScheduleDefinition } from "../../jobs/job-queue.ts";
import { monitorExperiment } from "./monitor-experiment.ts";
import { selectActiveIds } from "./store.ts";

/** Folds, analyses and, by the policy, decides every experiment that is running. */
export const experimentSchedule: ScheduleDefinition = {
  name: "monitor-experiments",
  everySeconds: 30,
  async sweep(services, organizationId) {
    const ctx = systemContext(services, organizationId, "monitor-experiments");
    const ids = await ctx.transact(selectActiveIds);
    for (const experimentId of ids) await monitorExperiment({ ctx, input: { experimentId } });
  },
};
