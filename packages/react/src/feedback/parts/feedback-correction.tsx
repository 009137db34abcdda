"use client";
import { type JSX, useDeferredValue, useId } from "react";
import { TextDifference } from "../../text-diff/text-difference.tsx";
import { useFeedbackPart } from "../feedback-context.ts";

/** An editor that starts from the agent's answer, with what was changed below it. */
export function FeedbackCorrection(): JSX.Element {
  const { feedback, texts } = useFeedbackPart({
    correction: "What should it have answered?",
    changes: "Your changes",
    sendCorrection: "Send correction",
    sent: "Sent",
  });
  const { answers, draft, agentOutput } = feedback;
  const id = useId();
  const text = draft.correction ?? (answers.correction || agentOutput);
  const shown = useDeferredValue(text);
  const isChanged = text.trim() !== agentOutput.trim();
  const isSent = text.trim() === answers.correction;
  return (
    <div className="als-field">
      <label htmlFor={id}>{texts.correction}</label>
      <textarea
        id={id}
        rows={4}
        dir="auto"
        value={text}
        onChange={({ target }) => feedback.write({ correction: target.value })}
      />
      {isChanged && <TextDifference label={texts.changes} before={agentOutput} after={shown} />}
      <button
        type="button"
        className="als-button"
        disabled={!isChanged || isSent}
        onClick={() => feedback.send("correction")}
      >
        {isSent ? texts.sent : texts.sendCorrection}
      </button>
    </div>
  );
}
