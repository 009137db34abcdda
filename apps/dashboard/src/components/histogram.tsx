import type { JSX } from "react";
import { count } from "../format/numbers.ts";
import "./histogram.css";

interface HistogramProps {
  /** What is counted, in a sentence. */
  label: string;
  bins: readonly { name: string; value: number; muted?: boolean }[];
}

/** Counts by bin, with the counts written on them. */
export function Histogram({ label, bins }: HistogramProps): JSX.Element {
  const most = Math.max(1, ...bins.map(({ value }) => value));
  return (
    <ol className="histogram" aria-label={label}>
      {bins.map(({ name, value, muted }) => (
        <li key={name} title={`${name}: ${count(value)}`}>
          <span className="histogram-count">{value === 0 ? "" : count(value)}</span>
          <span
            className={muted === true ? "histogram-bar muted" : "histogram-bar"}
            style={{ height: `${(value / most) * 100}px` }}
          />
          <span className="histogram-name">
            {name}
            <span className="visually-hidden">: {count(value)}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
