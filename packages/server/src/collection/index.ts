import type { Route } from "../http/index.ts";
import { executionRoutes } from "./executions/routes.ts";
import { feedbackRoutes } from "./feedback/routes.ts";
import { retrievalRoutes } from "./retrievals/routes.ts";

export type {
  EvidenceObserver,
  FeedbackChange,
  StoredExecution,
  StoredFeedback,
} from "./evidence-observer.ts";
export { recordExecutions } from "./executions/record-executions.ts";
export { type ChunkMark, readChunkMarks } from "./feedback/chunk-marks.ts";
export { type PassageMark, readPassageMarks } from "./feedback/passage-marks.ts";
export { eraseFeedback } from "./feedback/erase-feedback.ts";
export { getCommonIssues, getFeedbackStatistics } from "./feedback/get-feedback-statistics.ts";
export { expireHeldFeedback } from "./feedback/holding/expire-held.ts";
export { submitFeedback } from "./feedback/submit-feedback.ts";
export { verifyFeedbackToken } from "./feedback/tokens/verify-feedback-token.ts";
export { CounterBuilder, type Counters, CounterLedger, dayOf, type Tally } from "./statistics/counters.ts";
export { CounterSeries, daysBetween, shareOf } from "./statistics/series.ts";
export { foldCounters, readCounters, readPeriod } from "./statistics/store.ts";

/** Executions, feedback and retrievals. */
export const collectionRoutes: readonly Route[] = [...executionRoutes, ...feedbackRoutes, ...retrievalRoutes];
