import { isUuid, type SubmittedFeedback } from "@agent-learning/contract";
import type { FeedbackChange } from "../evidence-observer.ts";
import type { Outcome } from "../ingestion/outcome.ts";
import type { PersonReference } from "../people/raters.ts";
import { satisfactionOf, type StoredContent } from "./feedback-content.ts";
import type { Target, TargetQuery } from "./store.ts";

/** A feedback that passed the door: its content makes sense, its agent is there. */
export interface Submission {
  /** Becomes the row's, unless it amends an earlier vote. */
  id: string;
  agentId: string;
  executionReference: string;
  rater: PersonReference;
  content: StoredContent;
  /** Where it stands in the request: `body`, `body.feedback.3`. */
  path: string;
}

/** A submission, its place in the batch, and what it names. */
export interface PlacedSubmission {
  submission: Submission;
  index: number;
  target: Target;
}

export type SubmissionOutcome = Outcome<SubmittedFeedback>;

/** What writing some of a batch came to: outcomes by place, and what observers are told. */
export interface SubmissionResult {
  outcomes: Map<number, SubmissionOutcome>;
  changes: FeedbackChange[];
}

/** True when the content is a vote, of which each rater has one per execution. */
export function isVote(content: StoredContent): boolean {
  return satisfactionOf(content) !== null;
}

/** What to look up for a submission. */
export function queryOf(submission: Submission): TargetQuery {
  const { executionReference } = submission;
  return {
    agentId: submission.agentId,
    executionReference,
    executionId: isUuid(executionReference) ? executionReference.toLowerCase() : null,
    rater: submission.rater,
    isVote: isVote(submission.content),
  };
}

/** Equal for two submissions of one rater in a batch, known or new. */
export function raterKey({ submission, target }: PlacedSubmission): string {
  return target.raterId ?? `new ${submission.rater.externalId ?? ""}`;
}
