"use client";
import { type JSX, useId } from "react";
import { useFeedbackPart } from "../feedback-context.ts";

/** A text in the person's own words. What is written stays on the device until it is sent. */
export function FeedbackComment(): JSX.Element {
  const { feedback, texts } = useFeedbackPart({ comment: "Anything else?", send: "Send", sent: "Sent" });
  const { answers, draft } = feedback;
  const id = useId();
  const text = draft.comment ?? answers.comment;
  const isSent = text.trim() === answers.comment;
  return (
    <div className="als-field">
      <label htmlFor={id}>{texts.comment}</label>
      <textarea
        id={id}
        rows={2}
        dir="auto"
        value={text}
        onChange={({ target }) => feedback.write({ comment: target.value })}
      />
      <button type="button" className="als-button" disabled={isSent} onClick={() => feedback.send("comment")}>
        {isSent && answers.comment ? texts.sent : texts.send}
      </button>
    </div>
  );
}
