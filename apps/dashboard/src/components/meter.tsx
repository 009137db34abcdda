import type { JSX } from "react";
import "./meter.css";

/** How far something is, 0 to 1; the number stands beside it. */
export function Meter({
  value,
  label,
  tone = "accent",
}: {
  value: number;
  label: string;
  tone?: "accent" | "good" | "bad" | "warn";
}): JSX.Element {
  const share = Math.max(0, Math.min(1, value));
  return (
    <div
      className={`meter meter-${tone}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <div style={{ width: `${share * 100}%` }} />
    </div>
  );
}
