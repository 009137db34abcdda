import { systemContext } from "../../create-context.ts";
import type { JobDefinition, ScheduleDefinition } from "../../jobs/job-queue.ts";
import { advanceFineTuning } from "./advance.ts";
import { FINE_TUNING_JOB } from "./fine-tuning-trainer.ts";
import { readMovingRuns } from "./store.ts";

/** Moves a run on as far as it can go now. The trainer itself works outside. */
export const fineTuningJob: JobDefinition = {
  name: FINE_TUNING_JOB,
  expireSeconds: 3_600,
  retryLimit: 3,
  concurrency: 2,
  run: async ({ ctx, data, signal }) => advanceFineTuning({ ctx, runId: String(data["runId"]), signal }),
};

/** Looks at every run that is at a back end, or whose worker may have died. */
export const watchFineTuning: ScheduleDefinition = {
  name: "learning-watch-fine-tuning",
  everySeconds: 5,
  sweep: async (services, organizationId) => {
    const ctx = systemContext(services, organizationId, "watch-fine-tuning");
    await ctx.transact(async (tenant) => {
      for (const { id } of await readMovingRuns(tenant))
        await services.jobs.enqueue(tenant, FINE_TUNING_JOB, { runId: id }, { singletonKey: id });
    });
  },
};
