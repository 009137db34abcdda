import type { TrainingType } from "@agent-learning/contract";
import type { JobDefinition, ScheduleDefinition } from "../../jobs/job-queue.ts";
import { systemContext } from "../../create-context.ts";
import { readAbandonedRuns } from "../training-runs/store.ts";
import { trainers } from "../trainers.ts";
import { PROMPT_JOB } from "./prompt-trainer.ts";
import { runPromptOptimization } from "./run-prompt-optimization.ts";

/** Seconds without a sign of life after which a run counts as abandoned. */
const ABANDONED_SECONDS = 120;

/** Carries prompt optimisations out. */
export const promptOptimizationJob: JobDefinition = {
  name: PROMPT_JOB,
  expireSeconds: 3_600,
  retryLimit: 3,
  concurrency: 1,
  run: async ({ ctx, data, signal }) => runPromptOptimization({ ctx, runId: String(data["runId"]), signal }),
};

/** Puts runs whose worker died back into the queue, sooner than the job's own expiry would. */
export const resumeAbandonedRuns: ScheduleDefinition = {
  name: "learning-resume-abandoned-runs",
  everySeconds: 30,
  sweep: async (services, organizationId) => {
    const ctx = systemContext(services, organizationId, "resume-abandoned-runs");
    await ctx.transact(async (tenant) => {
      for (const run of await readAbandonedRuns(tenant, ABANDONED_SECONDS)) {
        const trainer = trainers.get(run.training_type as TrainingType);
        if (trainer === undefined) continue;
        await services.jobs.enqueue(
          tenant,
          trainer.jobName,
          { runId: run.id },
          { singletonKey: `${run.id}:resumed` },
        );
      }
    });
  },
};
