"use client";
import type { JSX, ReactNode } from "react";
import {
  describeComparison,
  type ShownSide,
  sidesOf,
  STRENGTHS,
  withPreferred,
  withStrength,
} from "./desk/comparison.ts";
import type { Draft } from "./desk/draft.ts";
import type { ClaimedAnnotation, Decision } from "./desk/types.ts";

/** The input and two answers to it, in an order that chance drew; nothing says whose they are. */
export function ComparisonTask({
  claimed,
  draft,
}: {
  claimed: ClaimedAnnotation;
  draft: Draft;
}): JSX.Element {
  const { example, task, annotations } = claimed;
  const sides = sidesOf(claimed);
  return (
    <div className="als-task">
      <div className="als-panel">
        <h2>
          Input <span className="als-badge">preference</span>
        </h2>
        <p className="als-text" dir="auto">
          {example.inputText}
        </p>
      </div>
      {task.deferReason !== null && <p className="als-note">Passed on: {task.deferReason}</p>}
      {annotations.length > 0 && (
        <ul className="als-note">
          {annotations.map((annotation, index) => (
            <li key={annotation.id}>
              Annotator {index + 1}: {describeComparison(annotation, sides) ?? annotation.decision}
            </li>
          ))}
        </ul>
      )}
      <div className="als-sides">
        {sides.map((side) => (
          <div
            key={side.letter}
            className="als-panel als-compared"
            data-chosen={draft.comparison?.preferred === side.output}
          >
            <h2>
              Answer {side.letter} <kbd>{side.letter.toLowerCase()}</kbd>
            </h2>
            <p className="als-text" dir="auto">
              {side.text}
            </p>
          </div>
        ))}
      </div>
    </div>
  );
}

export interface ComparisonJudgementProps {
  claimed: ClaimedAnnotation;
  draft: Draft;
  /** Said to be sent without a choice. */
  missing: boolean;
  guidelines: ReactNode;
  onChange: (draft: Draft) => void;
  onDecide: (decision: Decision) => void;
  onDefer: () => void;
  onNext: () => void;
}

/** Which answer is better, how much, and the decision. */
export function ComparisonJudgement(props: ComparisonJudgementProps): JSX.Element {
  const { claimed, draft, onChange } = props;
  const sides = sidesOf(claimed);
  const { comparison } = draft;
  return (
    <div className="als-panel als-judgement">
      <Choices
        legend="Which answer is better?"
        name="preferred"
        choices={[
          ...sides.map(
            ({ letter, output }: ShownSide) => [output, `Answer ${letter}`, letter.toLowerCase()] as const,
          ),
          ["tie", "Neither is better", "t"] as const,
        ]}
        value={comparison?.preferred}
        onChoose={(preferred) => onChange(withPreferred(draft, preferred))}
      />
      <Choices
        legend="How much?"
        name="strength"
        disabled={comparison === undefined || comparison.preferred === "tie"}
        choices={STRENGTHS.map((label, index) => [index + 1, label, `${index + 1}`] as const)}
        value={comparison?.strength}
        onChoose={(strength) => onChange(withStrength(draft, strength))}
      />
      <label className="als-label">
        Notes
        <textarea
          rows={2}
          dir="auto"
          value={draft.notes}
          onChange={({ target }) => onChange({ ...draft, notes: target.value })}
        />
      </label>
      <p role="status" className="als-missing">
        {props.missing && comparison === undefined && "Say first which answer is better, or that neither is."}
      </p>
      <div className="als-decisions">
        <button type="button" className="als-button als-primary" onClick={() => props.onDecide("approve")}>
          Save <kbd>s</kbd>
        </button>
        <button type="button" className="als-button als-danger" onClick={() => props.onDecide("reject")}>
          Reject the pair <kbd>r</kbd>
        </button>
        <button type="button" className="als-button" onClick={props.onDefer}>
          Pass on <kbd>d</kbd>
        </button>
        <button type="button" className="als-button" onClick={props.onNext}>
          Next <kbd>n</kbd>
        </button>
      </div>
      {props.guidelines !== undefined && (
        <details>
          <summary>Guidelines</summary>
          {props.guidelines}
        </details>
      )}
    </div>
  );
}

interface ChoicesProps<T> {
  legend: string;
  name: string;
  choices: readonly (readonly [value: T, label: string, key: string])[];
  value: T | undefined;
  disabled?: boolean;
  onChoose: (value: T) => void;
}

function Choices<T extends string | number>(props: ChoicesProps<T>): JSX.Element {
  return (
    <fieldset className="als-choices" disabled={props.disabled}>
      <legend>{props.legend}</legend>
      {props.choices.map(([value, label, key]) => (
        <label key={value}>
          <input
            type="radio"
            name={props.name}
            checked={props.value === value}
            onChange={() => props.onChoose(value)}
          />
          <span>{label}</span> <kbd>{key}</kbd>
        </label>
      ))}
    </fieldset>
  );
}
