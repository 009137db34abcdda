"use client";
import { type JSX, useId } from "react";

export interface DimensionSliderProps {
  label: string;
  /** 0 to 1; undefined: not judged yet. */
  value: number | undefined;
  /** The key that moves here. */
  shortcut: string;
  inputRef: (input: HTMLInputElement | null) => void;
  onChange: (value: number) => void;
}

const START = 0.5;

/** A slider from 0 to 1 in twentieths. Where it stands counts only once it was touched: Space or a click takes it as it is. */
export function DimensionSlider({
  label,
  value,
  shortcut,
  inputRef,
  onChange,
}: DimensionSliderProps): JSX.Element {
  const id = useId();
  const take = (): void => {
    if (value === undefined) onChange(START);
  };
  return (
    <div className="als-slider" data-judged={value !== undefined}>
      <label htmlFor={id}>
        {label} <kbd aria-hidden="true">{shortcut}</kbd>
      </label>
      <output htmlFor={id}>{value === undefined ? "not judged" : value.toFixed(2)}</output>
      <input
        id={id}
        ref={inputRef}
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={value ?? START}
        aria-valuetext={value === undefined ? "not judged" : value.toFixed(2)}
        aria-keyshortcuts={shortcut}
        onChange={({ target }) => onChange(Number(target.value))}
        onClick={take}
        onKeyDown={({ key }) => key === " " && take()}
      />
    </div>
  );
}
