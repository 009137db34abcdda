"use client";

export { useFeedback, type Feedback, type UseFeedbackOptions } from "@agent-learning/react";
export {
  useCommonIssues,
  useFeedbackStats,
  useSubmitFeedback,
  useWithdrawFeedback,
} from "@agent-learning/react/query";
