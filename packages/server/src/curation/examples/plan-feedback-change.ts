import type { ExampleContent } from "./example-from-feedback.ts";

/** The example that the feedback had made, as far as the plan depends on it. */
export interface PresentExample extends ExampleContent {
  is_annotated: boolean;
  is_frozen: boolean;
}

export interface FeedbackPlan {
  /** What becomes of the present example. `deactivate`: a frozen dataset holds it, which stays what it is. */
  present: "keep" | "rewrite" | "withdraw" | "deactivate";
  /** Make a new example of what the feedback now says. */
  create: boolean;
}

function saysTheSame(a: ExampleContent, b: ExampleContent): boolean {
  return (
    a.example_type === b.example_type &&
    a.expected_output === b.expected_output &&
    a.original_output === b.original_output
  );
}

/**
 * What a change of feedback does to examples. What people have judged or a frozen dataset holds is never rewritten under
 * them: it is retired, and what the feedback now says starts anew.
 */
export function planFeedbackChange(
  present: PresentExample | undefined,
  wanted: ExampleContent | null,
): FeedbackPlan {
  if (present === undefined) return { present: "keep", create: wanted !== null };
  if (wanted !== null && saysTheSame(present, wanted)) return { present: "keep", create: false };
  if (wanted !== null && !present.is_annotated && !present.is_frozen)
    return { present: "rewrite", create: false };
  return { present: present.is_frozen ? "deactivate" : "withdraw", create: wanted !== null };
}
