import type { JobDefinition } from "../../jobs/job-queue.ts";
import { carryOutRun } from "./carry-out-run.ts";
import { GATE_JOB } from "./job-name.ts";

/** Carries runs of the gate out. */
export const gateJob: JobDefinition = {
  name: GATE_JOB,
  expireSeconds: 3_600,
  retryLimit: 3,
  concurrency: 1,
  run: async ({ ctx, data, signal }) => carryOutRun({ ctx, runId: String(data["runId"]), signal }),
};
