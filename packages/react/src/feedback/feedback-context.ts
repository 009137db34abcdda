"use client";
import { type Context, createContext, useContext } from "react";
import type { Feedback } from "./use-feedback.ts";

/** One part's texts in another language or tone. */
export type FeedbackLabels = Readonly<Record<string, string>>;

export interface FeedbackContextValue {
  feedback: Feedback;
  labels: FeedbackLabels;
}

export const FeedbackContext: Context<FeedbackContextValue | undefined> = createContext<
  FeedbackContextValue | undefined
>(undefined);

/**
 * The feedback of the surrounding `FeedbackRoot`, and a part's texts with what the root overrides.
 * @throws Error outside a root
 */
export function useFeedbackPart<T extends FeedbackLabels>(texts: T): { feedback: Feedback; texts: T } {
  const context = useContext(FeedbackContext);
  if (context === undefined) {
    throw new Error(
      "Feedback parts need a FeedbackRoot around them: put them inside one, or use FeedbackCollector.",
    );
  }
  return { feedback: context.feedback, texts: { ...texts, ...context.labels } };
}
