"use client";
import type { JSX, ReactNode } from "react";
import { DIMENSIONS, type Draft } from "./desk/draft.ts";
import type { Decision, QualityDimension } from "./desk/types.ts";
import { DimensionSlider } from "./dimension-slider.tsx";

export const DIMENSION_LABELS: Readonly<Record<QualityDimension, string>> = {
  technical_accuracy: "Technical accuracy",
  professional_quality: "Professional quality",
  completeness: "Completeness",
  clarity: "Clarity",
};

export interface JudgementProps {
  draft: Draft;
  /** What an approval still lacks. */
  missing: readonly QualityDimension[];
  guidelines: ReactNode;
  sliderRef: (dimension: QualityDimension, slider: HTMLInputElement | null) => void;
  onChange: (draft: Draft) => void;
  onDecide: (decision: Decision) => void;
  onDefer: () => void;
  onNext: () => void;
}

/** The four dimensions, notes, and the decision. */
export function Judgement(props: JudgementProps): JSX.Element {
  const { draft, missing, guidelines, onChange } = props;
  const lacking = missing.filter((dimension) => draft.scores[dimension] === undefined);
  return (
    <div className="als-panel als-judgement">
      {DIMENSIONS.map((dimension, index) => (
        <DimensionSlider
          key={dimension}
          label={DIMENSION_LABELS[dimension]}
          shortcut={`${index + 1}`}
          value={draft.scores[dimension]}
          inputRef={(slider) => props.sliderRef(dimension, slider)}
          onChange={(score) => onChange({ ...draft, scores: { ...draft.scores, [dimension]: score } })}
        />
      ))}
      <label className="als-label">
        Notes
        <textarea
          rows={2}
          dir="auto"
          value={draft.notes}
          onChange={({ target }) => onChange({ ...draft, notes: target.value })}
        />
      </label>
      <label className="als-label">
        What would make it better
        <textarea
          rows={2}
          dir="auto"
          value={draft.suggestions}
          onChange={({ target }) => onChange({ ...draft, suggestions: target.value })}
        />
      </label>
      <p role="status" className="als-missing">
        {lacking.length > 0 &&
          `To approve, judge ${lacking.map((dimension) => DIMENSION_LABELS[dimension].toLowerCase()).join(", ")}.`}
      </p>
      <div className="als-decisions">
        <button type="button" className="als-button als-primary" onClick={() => props.onDecide("approve")}>
          Approve <kbd>a</kbd>
        </button>
        <button type="button" className="als-button als-danger" onClick={() => props.onDecide("reject")}>
          Reject <kbd>r</kbd>
        </button>
        <button type="button" className="als-button" onClick={props.onDefer}>
          Pass on <kbd>d</kbd>
        </button>
        <button type="button" className="als-button" onClick={props.onNext}>
          Next <kbd>n</kbd>
        </button>
      </div>
      {guidelines !== undefined && (
        <details>
          <summary>Guidelines</summary>
          {guidelines}
        </details>
      )}
    </div>
  );
}
