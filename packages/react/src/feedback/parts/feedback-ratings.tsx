"use client";
import type { JSX } from "react";
import { FEEDBACK_DIMENSIONS } from "../answers.ts";
import { useFeedbackPart } from "../feedback-context.ts";
import { FeedbackScale } from "./feedback-scale.tsx";

/** One to five stars for the whole answer. */
export function FeedbackStars(): JSX.Element {
  const { feedback, texts } = useFeedbackPart({ rating: "Overall", step: "{n} of 5" });
  return (
    <FeedbackScale
      label={texts.rating}
      stepLabel={texts.step}
      value={feedback.answers.rating}
      onChange={feedback.rate}
    />
  );
}

/** One to five for accuracy, helpfulness, clarity and completeness. */
export function FeedbackDimensions(): JSX.Element {
  const { feedback, texts } = useFeedbackPart({
    accuracy: "Accuracy",
    helpfulness: "Helpfulness",
    clarity: "Clarity",
    completeness: "Completeness",
    step: "{n} of 5",
  });
  return (
    <div className="als-dimensions">
      {FEEDBACK_DIMENSIONS.map((dimension) => (
        <FeedbackScale
          key={dimension}
          label={texts[dimension]}
          stepLabel={texts.step}
          value={feedback.answers.dimensions[dimension] ?? null}
          onChange={(rating) => feedback.rateDimension(dimension, rating)}
        />
      ))}
    </div>
  );
}
