import type { Route } from "../http/index.ts";
import type { JobDefinition, ScheduleDefinition } from "../jobs/job-queue.ts";
import { promptOptimizationJob, resumeAbandonedRuns } from "./prompt/job.ts";
import { promptRoutes } from "./prompt/routes.ts";
import { trainingRunRoutes } from "./training-runs/routes.ts";

export { createAnswerer } from "./prompt/answerer.ts";
export { chooseBaseVersion } from "./prompt/choose-base-version.ts";
export { optimizePrompt } from "./prompt/optimize-prompt.ts";
export { toCandidate, withCandidate } from "./prompt/to-candidate.ts";

export const learningRoutes: readonly Route[] = [...promptRoutes, ...trainingRunRoutes];
export const learningJobs: readonly JobDefinition[] = [promptOptimizationJob];
export const learningSchedules: readonly ScheduleDefinition[] = [resumeAbandonedRuns];
