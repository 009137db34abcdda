"use client";
import { type JSX, type ReactNode, useMemo } from "react";
import { FeedbackContext, type FeedbackLabels } from "../feedback-context.ts";
import { useFeedback, type UseFeedbackOptions } from "../use-feedback.ts";

export interface FeedbackRootProps extends UseFeedbackOptions {
  /** Texts by name, for other languages. */
  labels?: FeedbackLabels | undefined;
  className?: string | undefined;
  children?: ReactNode;
}

const NONE: FeedbackLabels = {};

/** Holds the parts of one execution's feedback. */
export function FeedbackRoot({
  labels = NONE,
  className = "",
  children,
  ...options
}: FeedbackRootProps): JSX.Element {
  const feedback = useFeedback(options);
  const value = useMemo(() => ({ feedback, labels }), [feedback, labels]);
  return (
    <FeedbackContext.Provider value={value}>
      <div className={`als-feedback ${className}`}>{children}</div>
    </FeedbackContext.Provider>
  );
}
