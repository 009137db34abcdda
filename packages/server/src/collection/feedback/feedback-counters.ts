import { CounterBuilder, type Counters } from "../statistics/counters.ts";
import type { StoredContent } from "./feedback-content.ts";

/**
 * What one live feedback adds to the counters of its day.
 * `feedback` counts everything but implicit signals; `vote` carries the satisfaction, also by version.
 */
export function feedbackCounters(
  feedback: StoredContent & { satisfaction: number | null },
  versionId: string | null,
): Counters {
  const counters = new CounterBuilder().count(`feedback_type:${feedback.feedback_type}`);
  if (feedback.signal !== null) counters.count(`signal:${feedback.signal}`);
  if (feedback.feedback_type !== "implicit") counters.count("feedback");
  if (feedback.satisfaction !== null) {
    counters.value("vote", feedback.satisfaction);
    if (versionId !== null) counters.value(`version:vote:${versionId}`, feedback.satisfaction);
  }
  if (feedback.rating !== null) {
    counters.value("rating", feedback.rating).count(`rating:${feedback.rating}`);
  }
  if (feedback.correction_text !== null) counters.count("correction");
  for (const category of feedback.issue_categories) counters.count(`issue:${category}`);
  for (const [dimension, value] of Object.entries(feedback.dimensions)) {
    if (value !== undefined) counters.value(`dimension:${dimension}`, value);
  }
  return counters.build();
}

/** One event of a kind that has no value: held, attached, expired, withdrawn. */
export function eventCounters(metric: "held" | "held_attached" | "held_expired" | "withdrawn"): Counters {
  return new CounterBuilder().count(metric).build();
}
