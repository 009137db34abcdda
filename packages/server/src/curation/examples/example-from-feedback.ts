import type { AgentLearningConfig, ExampleType } from "@agent-learning/contract";
import type { StoredExecution, StoredFeedback } from "../../collection/evidence-observer.ts";

/** What an example says, before it is stored. */
export interface ExampleContent {
  example_type: ExampleType;
  input_text: string;
  original_output: string | null;
  expected_output: string;
}

type Evidence = Pick<StoredFeedback, "feedback_type" | "rating" | "correction_text">;
type Source = Pick<StoredExecution, "input_text" | "output_text">;

/** At or below it a rating is a complaint. */
const NEGATIVE_RATING = 2;

function isPositive(feedback: Evidence, minimum: number): boolean {
  if (feedback.feedback_type === "thumbs_up") return true;
  return feedback.rating !== null && feedback.rating >= minimum;
}

function isNegative(feedback: Evidence): boolean {
  if (feedback.feedback_type === "thumbs_down") return true;
  return feedback.rating !== null && feedback.rating <= NEGATIVE_RATING;
}

/**
 * The example that one piece of feedback makes under the agent's switches, or null.
 *
 * - `learning_enabled` off: none.
 * - A correction makes a `correction` if `collect_corrections` is on: the original output is kept, the correction is what is
 *   expected. Otherwise its vote, where it carries one, counts as a vote.
 * - With `auto_collect`: thumbs up or a rating of at least `min_rating_for_positive` makes a `positive` (its output is what
 *   is expected); thumbs down or a rating of 2 or less a `negative`, whose expected output stays empty until an expert
 *   supplies it. A rating that is both (a minimum of 2 or less) is positive: that is what the setting says.
 * - Comments, dimensions and implicit signals without a rating make none; nor does a success without an output.
 */
export function exampleFromFeedback(
  config: AgentLearningConfig,
  execution: Source,
  feedback: Evidence,
): ExampleContent | null {
  if (!config.learning_enabled || feedback.feedback_type === "implicit") return null;
  const { auto_collect, collect_corrections, min_rating_for_positive } = config.feedback_collection;
  const content = { input_text: execution.input_text, original_output: execution.output_text };
  const correction = feedback.correction_text ?? "";
  if (correction.trim() !== "" && collect_corrections)
    return { ...content, example_type: "correction", expected_output: correction };
  if (!auto_collect) return null;
  if (isPositive(feedback, min_rating_for_positive)) {
    const output = execution.output_text ?? "";
    return output === "" ? null : { ...content, example_type: "positive", expected_output: output };
  }
  return isNegative(feedback) ? { ...content, example_type: "negative", expected_output: "" } : null;
}
