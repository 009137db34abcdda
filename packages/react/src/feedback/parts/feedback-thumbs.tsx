"use client";
import type { JSX } from "react";
import type { Vote } from "../answers.ts";
import { useFeedbackPart } from "../feedback-context.ts";

const THUMB =
  "M7 10v11M15 5.9 14 10h5.8a2 2 0 0 1 2 2.6l-2.4 7a2 2 0 0 1-1.9 1.4H4a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2h2.8a2 2 0 0 0 1.8-1.1L12 2a3.1 3.1 0 0 1 3 3.9Z";

/** Two toggle buttons. A click is a saved vote; a second one takes it back. */
export function FeedbackThumbs(): JSX.Element {
  const { feedback, texts } = useFeedbackPart({ group: "Feedback", up: "Good answer", down: "Bad answer" });
  const thumb = (vote: Vote): JSX.Element => (
    <button
      type="button"
      className={`als-button als-thumb als-${vote}`}
      aria-label={texts[vote]}
      title={texts[vote]}
      aria-pressed={feedback.answers.vote === vote}
      onClick={() => feedback.vote(feedback.answers.vote === vote ? null : vote)}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={THUMB} />
      </svg>
    </button>
  );
  return (
    <div className="als-row" role="group" aria-label={texts.group}>
      {thumb("up")}
      {thumb("down")}
    </div>
  );
}
