import type { TrackingEventDetails } from "@openfeature/server-sdk";
import type { Learning } from "../learning/learning.ts";
import type { Feedback, ImplicitSignal } from "../telemetry/evidence.ts";

const SIGNALS: readonly string[] = [
  "copied",
  "retried",
  "edited",
  "abandoned",
  "escalated",
  "followed_citation",
] satisfies ImplicitSignal[];

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function feedbackOf(event: string, details: TrackingEventDetails): Omit<Feedback, "executionId"> | undefined {
  const feedbackText = text(details["text"]);
  if (event === "thumbs_up" || event === "thumbs_down") return { feedbackType: event, feedbackText };
  if (event === "rating") return { feedbackType: "rating", rating: details.value, feedbackText };
  if (event === "comment") return { feedbackType: "comment", feedbackText };
  if (event === "correction") return { feedbackType: "correction", correctionText: feedbackText };
  if (SIGNALS.includes(event)) return { feedbackType: "implicit", signal: event as ImplicitSignal };
  return undefined;
}

/** `Clicked Checkout` is measured as `clicked_checkout`. */
function metricOf(event: string): string {
  return event
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_");
}

/** An event that is no feedback: an outcome of the unit, its value or 1. */
function trackOutcome(
  learning: Learning,
  event: string,
  unit: string | undefined,
  details: TrackingEventDetails,
): string | undefined {
  if (unit === undefined) return `the event ${event} has no unit: give its context a targetingKey`;
  const { value = 1, denominator } = details;
  if (!Number.isFinite(value)) return `the value of the event ${event} is not a finite number`;
  learning.outcome({
    unitId: unit,
    metric: metricOf(event),
    value,
    denominator: typeof denominator === "number" ? denominator : undefined,
    outcomeId: text(details["outcomeId"]),
  });
  return undefined;
}

/**
 * A tracked event as feedback on the execution that `executionId` in its details names: `thumbs_up`, `thumbs_down`, `rating` (its value,
 * 1 to 5), `comment` and `correction` (`text`), and what somebody did with the answer: `copied`, `retried`, `edited`, `abandoned`, `escalated`,
 * `followed_citation`. Any other event is an outcome of the unit: its `value`, or 1, for the metric of its name, in the experiment or
 * rollout that the unit is in; with `denominator` for a ratio, and `outcomeId` where you send it yourself more than once.
 * @returns why it could not be taken; undefined when it was
 */
export function trackEvent(
  learning: Learning,
  event: string,
  unit: string | undefined,
  details: TrackingEventDetails,
): string | undefined {
  const feedback = feedbackOf(event, details);
  if (feedback === undefined) return trackOutcome(learning, event, unit, details);
  const executionId = text(details["executionId"]);
  if (executionId === undefined) {
    return `the event ${event} has no executionId in its details: what happened belongs to an execution`;
  }
  learning.feedback({ executionId, userId: text(details["userId"]) ?? unit, ...feedback });
  return undefined;
}
