"use client";
import { type JSX, useDeferredValue, useId } from "react";
import { TextDifference } from "../text-diff/text-difference.tsx";
import type { Draft } from "./desk/draft.ts";
import type { ClaimedAnnotation } from "./desk/types.ts";

export interface AnnotationTaskProps {
  claimed: ClaimedAnnotation;
  draft: Draft;
  editorRef: (editor: HTMLTextAreaElement | null) => void;
  onChange: (draft: Draft) => void;
}

const words = (name: string): string => name.replaceAll("_", " ");

/** What is to be judged: the input, what was answered beside what should be, and the difference. All of it is shown as text. */
export function AnnotationTask({ claimed, draft, editorRef, onChange }: AnnotationTaskProps): JSX.Element {
  const { example, task, annotations } = claimed;
  const id = useId();
  const shown = useDeferredValue(draft.corrected);
  return (
    <div className="als-task">
      <div className="als-panel">
        <h2>
          Input <span className="als-badge">{words(example.exampleType)}</span>
        </h2>
        <p className="als-text" dir="auto">
          {example.inputText}
        </p>
        {Object.keys(example.inputContext).length > 0 && (
          <details>
            <summary>Context</summary>
            <pre tabIndex={0}>{JSON.stringify(example.inputContext, null, 2)}</pre>
          </details>
        )}
      </div>
      {task.deferReason !== null && <p className="als-note">Passed on: {task.deferReason}</p>}
      {annotations.length > 0 && <Opinions annotations={annotations} draft={draft} onChange={onChange} />}
      {example.outputA !== null && (
        <div className="als-sides">
          {(["A", "B"] as const).map((name) => (
            <div key={name} className="als-panel">
              <h2>
                Output {name}
                {example.preferredOutput === name && <span className="als-badge">preferred</span>}
              </h2>
              <p className="als-text" dir="auto">
                {name === "A" ? example.outputA : example.outputB}
              </p>
            </div>
          ))}
        </div>
      )}
      <div className="als-sides">
        <div className="als-panel">
          <h2>Original</h2>
          <p className="als-text" dir="auto">
            {example.originalOutput ?? "It gave no answer."}
          </p>
        </div>
        <div className="als-panel">
          <h2>
            <label htmlFor={id}>Expected</label> <kbd>e</kbd>
          </h2>
          <textarea
            id={id}
            ref={editorRef}
            dir="auto"
            rows={4}
            value={draft.corrected}
            placeholder="Write the right answer, or leave it empty and reject."
            onChange={({ target }) => onChange({ ...draft, corrected: target.value })}
          />
        </div>
      </div>
      <TextDifference label="Difference" before={example.originalOutput ?? ""} after={shown} />
    </div>
  );
}

/** For an adjudication: what the annotators said, without their names. */
function Opinions({
  annotations,
  draft,
  onChange,
}: Pick<AnnotationTaskProps, "draft" | "onChange"> & Pick<ClaimedAnnotation, "annotations">): JSX.Element {
  return (
    <div className="als-sides">
      {annotations.map(({ id, decision, correctedOutput, notes }, index) => (
        <div key={id} className="als-panel">
          <h2>
            Annotator {index + 1}{" "}
            <span className="als-badge">{decision === "approve" ? "✓ approved" : "✗ rejected"}</span>
          </h2>
          {notes !== null && <p className="als-text">{notes}</p>}
          {correctedOutput !== null && (
            <>
              <p className="als-text" dir="auto">
                {correctedOutput}
              </p>
              <button
                type="button"
                className="als-button"
                onClick={() => onChange({ ...draft, corrected: correctedOutput })}
              >
                Take this correction
              </button>
            </>
          )}
        </div>
      ))}
    </div>
  );
}
