"use client";
import type { JSX } from "react";
import { useFeedbackPart } from "../feedback-context.ts";

/** Says whether what was said is saved; silent before anything was. */
export function FeedbackStatusText(): JSX.Element {
  const { feedback, texts } = useFeedbackPart({
    idle: "",
    saving: "Saving…",
    saved: "Thanks, saved.",
    waiting: "Kept on this device; it is sent when the connection is back.",
    refused: "Not accepted:",
  });
  return (
    <span className="als-status" role="status" data-status={feedback.status}>
      {texts[feedback.status]} {feedback.message}
    </span>
  );
}

/** Takes everything back. Not there while there is nothing to take back. */
export function FeedbackUndo(): JSX.Element | null {
  const { feedback, texts } = useFeedbackPart({ undo: "Undo" });
  return feedback.feedbackId !== undefined || feedback.status !== "idle" ? (
    <button type="button" className="als-button als-quiet" onClick={feedback.undo}>
      {texts.undo}
    </button>
  ) : null;
}
