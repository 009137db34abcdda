import type { JSX } from "react";
import type { Feedback } from "../../api/types.ts";
import { FEEDBACK_WORDS } from "../../format/words.ts";

const SIGNS: Partial<Record<Feedback["feedbackType"], [sign: string, tone: string]>> = {
  thumbs_up: ["▲", "good"],
  thumbs_down: ["▼", "bad"],
  correction: ["✎", "warn"],
};

/** The vote as a sign and its word; a rating as its stars. */
export function Verdict({ feedback }: { feedback: Feedback }): JSX.Element {
  const { feedbackType, rating } = feedback;
  if (rating !== null && feedbackType === "rating") {
    return (
      <span title={`${rating} of 5`}>
        <span aria-hidden="true">
          {"★".repeat(rating)}
          <span className="faint">{"☆".repeat(5 - rating)}</span>
        </span>
        <span className="visually-hidden">{rating} of 5 stars</span>
      </span>
    );
  }
  const [sign, tone] = SIGNS[feedbackType] ?? ["●", "faint"];
  return (
    <span>
      <span className={tone} aria-hidden="true">
        {sign}{" "}
      </span>
      {FEEDBACK_WORDS[feedbackType]}
    </span>
  );
}
