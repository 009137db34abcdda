import { expireHeldFeedback } from "./collection/index.ts";
import { rescoreJob } from "./curation/annotations/index.ts";
import { rebuildErasedJob } from "./curation/datasets/index.ts";
import { embeddingJob, embeddingSchedule } from "./curation/documents/index.ts";
import { retentionSchedule } from "./curation/retention/index.ts";
import { forgetLateChanges, rolloutSchedule } from "./deployment/rollouts/index.ts";
import { gateJob } from "./evaluation/gates/index.ts";
import { experimentSchedule } from "./evaluation/experiments/index.ts";
import { forgetIdempotencyKeys } from "./http/forget-idempotency-keys.ts";
import { learningJobs, learningSchedules } from "./learning/index.ts";
import type { JobDefinition, ScheduleDefinition } from "./jobs/job-queue.ts";

/** Every kind of job that a worker takes. */
export const jobDefinitions: readonly JobDefinition[] = [
  ...learningJobs,
  gateJob,
  rebuildErasedJob,
  rescoreJob,
  embeddingJob,
];

/** Everything that a worker looks for again and again. */
export const schedules: readonly ScheduleDefinition[] = [
  expireHeldFeedback,
  forgetIdempotencyKeys,
  retentionSchedule,
  embeddingSchedule,
  experimentSchedule,
  rolloutSchedule,
  forgetLateChanges,
  ...learningSchedules,
];
