import { expireHeldFeedback } from "./collection/index.ts";
import { rolloutSchedule } from "./deployment/rollouts/index.ts";
import { experimentSchedule } from "./evaluation/experiments/index.ts";
import { forgetIdempotencyKeys } from "./http/forget-idempotency-keys.ts";
import { learningJobs, learningSchedules } from "./learning/index.ts";
import type { JobDefinition, ScheduleDefinition } from "./jobs/job-queue.ts";

/** Every kind of job that a worker takes. */
export const jobDefinitions: readonly JobDefinition[] = [...learningJobs];

/** Everything that a worker looks for again and again. */
export const schedules: readonly ScheduleDefinition[] = [
  expireHeldFeedback,
  forgetIdempotencyKeys,
  experimentSchedule,
  rolloutSchedule,
  ...learningSchedules,
];
