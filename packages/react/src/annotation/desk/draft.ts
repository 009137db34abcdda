import type { Comparison, Decision, LearningExample, QualityDimension } from "./types.ts";

export const DIMENSIONS: readonly QualityDimension[] = [
  "technical_accuracy",
  "professional_quality",
  "completeness",
  "clarity",
];

/** What a person has put in so far. */
export interface Draft {
  /** 0 to 1; what is missing is not judged yet. */
  scores: Partial<Record<QualityDimension, number>>;
  corrected: string;
  notes: string;
  suggestions: string;
  /** Of a pair: which output is better. Drafts of an earlier version have none. */
  comparison?: Comparison | undefined;
}

/** A draft that changes nothing yet. */
export function emptyDraft(example: LearningExample): Draft {
  return { scores: {}, corrected: example.expectedOutput, notes: "", suggestions: "" };
}

/** True once a person has put anything in. */
export function isTouched(draft: Draft, example: LearningExample): boolean {
  return (
    Object.keys(draft.scores).length > 0 ||
    draft.corrected !== example.expectedOutput ||
    draft.notes !== "" ||
    draft.suggestions !== "" ||
    draft.comparison !== undefined
  );
}

/** Dimensions that have to be judged before an approval. */
export function missingDimensions(draft: Draft, decision: Decision): QualityDimension[] {
  return decision === "approve"
    ? DIMENSIONS.filter((dimension) => draft.scores[dimension] === undefined)
    : [];
}
