import type { JobDefinition } from "../../jobs/job-queue.ts";
import { BEHAVIOR_JOB } from "./behavior-trainer.ts";
import { runBehaviorLearning } from "./run-behavior-learning.ts";

/** Carries behaviour learning out. */
export const behaviorJob: JobDefinition = {
  name: BEHAVIOR_JOB,
  expireSeconds: 3_600,
  retryLimit: 3,
  concurrency: 1,
  run: async ({ ctx, data, signal }) => runBehaviorLearning({ ctx, runId: String(data["runId"]), signal }),
};
