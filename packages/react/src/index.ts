export {
  type FeedbackTokenRequest,
  type FeedbackTokenSource,
  LearningProvider,
  type LearningProviderProps,
  type LearningSettings,
  useLearningSettings,
} from "./provider/learning-provider.tsx";
export {
  FEEDBACK_DIMENSIONS,
  type FeedbackAnswers,
  type FeedbackDimension,
  type Vote,
} from "./feedback/answers.ts";
export { FeedbackCollector, type FeedbackCollectorProps } from "./feedback/feedback-collector.tsx";
export type { FeedbackLabels } from "./feedback/feedback-context.ts";
export { FeedbackComment } from "./feedback/parts/feedback-comment.tsx";
export { FeedbackCorrection } from "./feedback/parts/feedback-correction.tsx";
export { FeedbackDimensions, FeedbackStars } from "./feedback/parts/feedback-ratings.tsx";
export { DEFAULT_CATEGORIES, FeedbackReasons } from "./feedback/parts/feedback-reasons.tsx";
export { FeedbackRoot, type FeedbackRootProps } from "./feedback/parts/feedback-root.tsx";
export { FeedbackStatusText, FeedbackUndo } from "./feedback/parts/feedback-status.tsx";
export { FeedbackThumbs } from "./feedback/parts/feedback-thumbs.tsx";
export type { FeedbackState, FeedbackStatus } from "./feedback/store/feedback-store.ts";
export type { IssueCategory } from "./feedback/store/transport.ts";
export { type Feedback, useFeedback, type UseFeedbackOptions } from "./feedback/use-feedback.ts";
export { TextDifference, type TextDifferenceProps } from "./text-diff/text-difference.tsx";
export { type DiffPart, diffWords } from "./text-diff/word-diff.ts";
