import type { Route } from "../http/index.ts";
import type { JobDefinition, ScheduleDefinition } from "../jobs/job-queue.ts";
import { approvalRoutes } from "./approvals/routes.ts";
import { behaviorJob } from "./behavior/job.ts";
import { behaviorRoutes } from "./behavior/routes.ts";
import { weeklyBehaviorLearning } from "./behavior/weekly/start-weekly-runs.ts";
import { budgetRoutes } from "./budgets/index.ts";
import { preferenceRoutes } from "./preferences/routes.ts";
import { continuousPromptLearning } from "./prompt/continuous/start-due-runs.ts";
import { fineTuningJob, watchFineTuning } from "./fine-tuning/job.ts";
import { monthlyFineTuning } from "./fine-tuning/monthly/propose-monthly-runs.ts";
import { fineTuningRoutes } from "./fine-tuning/routes.ts";
import { promptOptimizationJob, resumeAbandonedRuns } from "./prompt/job.ts";
import { promptRoutes } from "./prompt/routes.ts";
import { dailyRetrievalLearning } from "./retrieval/daily/start-daily-runs.ts";
import { retrievalJob } from "./retrieval/job.ts";
import { retrievalLearningRoutes } from "./retrieval/routes.ts";
import { trainingRunRoutes } from "./training-runs/routes.ts";

export { extractPatterns } from "./behavior/extract-patterns.ts";
export { createAnswerer } from "./prompt/answerer.ts";
export { chooseBaseVersion } from "./prompt/choose-base-version.ts";
export type { EmbeddingPair } from "./retrieval/embedding-pairs.ts";
export { collectEmbeddingPairs } from "./retrieval/export-embedding-data.ts";
export { type LoadedRanking, loadRanking } from "./retrieval/load-ranking.ts";
export { type ChunkingSetting, chunkingOf } from "./retrieval/chunking/chunking-setting.ts";
export { rankingOf } from "./retrieval/ranking-setting.ts";
export { noteRelease, reviewFineTuning } from "./fine-tuning/control.ts";
export { modelOf } from "./fine-tuning/model-of.ts";
export { createTrainingBackends } from "./fine-tuning/backends/create-backends.ts";
export { requireRun } from "./training-runs/require-run.ts";
export { decisionOfRun } from "./approvals/decision-of-run.ts";
export { createTrainingRun } from "./training-runs/create-training-run.ts";
export { presentTrainingRun } from "./training-runs/present-training-run.ts";
export { optimizePrompt } from "./prompt/optimize-prompt.ts";
export { toCandidate, withCandidate } from "./prompt/to-candidate.ts";
export { searchBoth } from "./retrieval/search-both.ts";

export const learningRoutes: readonly Route[] = [
  ...promptRoutes,
  ...retrievalLearningRoutes,
  ...behaviorRoutes,
  ...preferenceRoutes,
  ...trainingRunRoutes,
  ...fineTuningRoutes,
  ...approvalRoutes,
  ...budgetRoutes,
];
export const learningJobs: readonly JobDefinition[] = [
  promptOptimizationJob,
  retrievalJob,
  behaviorJob,
  fineTuningJob,
];
export const learningSchedules: readonly ScheduleDefinition[] = [
  resumeAbandonedRuns,
  continuousPromptLearning,
  dailyRetrievalLearning,
  weeklyBehaviorLearning,
  watchFineTuning,
  monthlyFineTuning,
];
