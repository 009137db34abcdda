import type { JobDefinition } from "../../jobs/job-queue.ts";
import { succeedDataset } from "./erased-datasets.ts";
import { REBUILD_JOB } from "./job-name.ts";

/** Builds the successors of datasets from which people were erased, or that hold what a reviewer confirmed to be poisoned. */
export const rebuildErasedJob: JobDefinition = {
  name: REBUILD_JOB,
  expireSeconds: 3_600,
  retryLimit: 3,
  concurrency: 1,
  run: async ({ ctx, data }) =>
    ctx.transact((tenant) =>
      succeedDataset(
        tenant,
        String(data["datasetId"]),
        data["reason"] === "distrust" ? "distrust" : "erasure",
      ),
    ),
};
