import { type JSX, type ReactNode, useId } from "react";
import "./field.css";

/** A labelled control; `children` gets the id that ties them together. */
export function Field({
  label,
  help,
  children,
}: {
  label: ReactNode;
  help?: ReactNode;
  children: (id: string) => ReactNode;
}): JSX.Element {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {help === undefined ? null : <p className="small faint">{help}</p>}
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [value: T, label: string])[];
  onChange: (value: T) => void;
}

/** A small labelled select, for filters. */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>): JSX.Element {
  return (
    <label className="choice">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value as T)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

interface FilterProps<T extends string> {
  label: string;
  /** Undefined: all. */
  value: T | undefined;
  options: readonly (readonly [value: T, label: string])[];
  onChange: (value: T | undefined) => void;
  /** What choosing none is called. */
  all?: string;
}

/** A choice that may be left open. */
export function Filter<T extends string>({
  label,
  value,
  options,
  onChange,
  all = "All",
}: FilterProps<T>): JSX.Element {
  return (
    <Choice
      label={label}
      value={value ?? ""}
      options={[["", all], ...options] as readonly (readonly [string, string])[]}
      onChange={(chosen) => onChange(chosen === "" ? undefined : (chosen as T))}
    />
  );
}
