"use client";
import { type JSX, useState } from "react";
import { FeedbackComment } from "./parts/feedback-comment.tsx";
import { FeedbackCorrection } from "./parts/feedback-correction.tsx";
import { FeedbackDimensions, FeedbackStars } from "./parts/feedback-ratings.tsx";
import { FeedbackReasons } from "./parts/feedback-reasons.tsx";
import type { IssueCategory } from "./store/transport.ts";
import { FeedbackRoot, type FeedbackRootProps } from "./parts/feedback-root.tsx";
import { FeedbackStatusText, FeedbackUndo } from "./parts/feedback-status.tsx";
import { FeedbackThumbs } from "./parts/feedback-thumbs.tsx";
import { useFeedbackPart } from "./feedback-context.ts";

export interface FeedbackCollectorProps extends Omit<FeedbackRootProps, "children"> {
  agentOutput: string;
  /** The organization's issue categories, when it has its own list. */
  categories?: readonly IssueCategory[] | undefined;
}

function Details({ categories }: { categories: FeedbackCollectorProps["categories"] }): JSX.Element | null {
  const { feedback, texts } = useFeedbackPart({
    more: "Rate in detail",
    correct: "Suggest a better answer",
  });
  const [correcting, setCorrecting] = useState(false);
  const { answers, draft, feedbackId } = feedback;
  if (feedbackId === undefined && answers.vote === null && answers.rating === null) return null;
  return (
    <div className="als-details">
      {answers.vote === "down" && <FeedbackReasons categories={categories} />}
      <FeedbackStars />
      <details>
        <summary>{texts.more}</summary>
        <FeedbackDimensions />
      </details>
      <FeedbackComment />
      {correcting || draft.correction !== null || answers.correction !== "" ? (
        <FeedbackCorrection />
      ) : (
        <button type="button" className="als-button als-quiet" onClick={() => setCorrecting(true)}>
          {texts.correct}
        </button>
      )}
    </div>
  );
}

/**
 * Thumbs that are saved at the first click, then reasons, stars, dimensions, a text and a correction for whoever wants to say
 * more. Works offline and across reloads; everything can be taken back.
 */
export function FeedbackCollector({ categories, ...root }: FeedbackCollectorProps): JSX.Element {
  return (
    <FeedbackRoot {...root}>
      <div className="als-row">
        <FeedbackThumbs />
        <FeedbackStatusText />
        <FeedbackUndo />
      </div>
      <Details categories={categories} />
    </FeedbackRoot>
  );
}
