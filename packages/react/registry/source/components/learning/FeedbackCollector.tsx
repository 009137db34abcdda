"use client";

import {
  FeedbackCollector as Collector,
  type FeedbackCollectorProps as CollectorProps,
} from "@agent-learning/react";
import "@agent-learning/react/styles.css";

export type FeedbackCollectorProps = CollectorProps;

/**
 * Thumbs, then reasons, stars, dimensions, a text and a correction. Yours to change: put other labels in, or compose the parts
 * (`FeedbackRoot`, `FeedbackThumbs`, `FeedbackReasons`, `FeedbackStars` …) of "@agent-learning/react" yourself.
 */
export function FeedbackCollector(props: FeedbackCollectorProps) {
  return <Collector {...props} />;
}
