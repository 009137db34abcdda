"use client";
import { type JSX, useId } from "react";

const STEPS = [1, 2, 3, 4, 5];

export interface FeedbackScaleProps {
  label: string;
  value: number | null;
  /** Of one step, for screen readers: `{n}` is its number. */
  stepLabel: string;
  /** Null: the chosen step was chosen again. */
  onChange: (value: number | null) => void;
}

/** One to five as a group of radio buttons: arrow keys move, Space on the chosen one clears. */
export function FeedbackScale({ label, value, stepLabel, onChange }: FeedbackScaleProps): JSX.Element {
  const name = useId();
  return (
    <fieldset className="als-scale" role="radiogroup">
      <legend>{label}</legend>
      {STEPS.map((step) => (
        <label
          key={step}
          className="als-star"
          data-filled={step <= (value ?? 0)}
          title={stepLabel.replace("{n}", `${step}`)}
        >
          <input
            type="radio"
            name={name}
            aria-label={stepLabel.replace("{n}", `${step}`)}
            checked={step === value}
            onChange={() => onChange(step)}
            onClick={() => step === value && onChange(null)}
            onKeyDown={(event) => {
              if (event.key !== " " || step !== value) return;
              event.preventDefault();
              onChange(null);
            }}
          />
          <span aria-hidden="true">{step <= (value ?? 0) ? "★" : "☆"}</span>
        </label>
      ))}
    </fieldset>
  );
}
