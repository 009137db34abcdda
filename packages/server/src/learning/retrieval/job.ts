import type { JobDefinition } from "../../jobs/job-queue.ts";
import { RETRIEVAL_JOB } from "./retrieval-trainer.ts";
import { runRetrievalTraining } from "./run-retrieval-training.ts";

/** Carries retrieval learning out. */
export const retrievalJob: JobDefinition = {
  name: RETRIEVAL_JOB,
  expireSeconds: 3_600,
  retryLimit: 3,
  concurrency: 1,
  run: async ({ ctx, data, signal }) => runRetrievalTraining({ ctx, runId: String(data["runId"]), signal }),
};
