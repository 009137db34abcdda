import { Link, type LinkProps } from "@tanstack/react-router";
import type { JSX } from "react";
import { count } from "../format/numbers.ts";
import "./histogram.css";

/** One count of a histogram. */
export interface Bin {
  name: string;
  value: number;
  muted?: boolean;
  /** The rows that are counted. */
  to?: LinkProps;
}

interface HistogramProps {
  /** What is counted, in a sentence. */
  label: string;
  bins: readonly Bin[];
}

/** Counts by bin, with the counts written on them. */
export function Histogram({ label, bins }: HistogramProps): JSX.Element {
  const most = Math.max(1, ...bins.map(({ value }) => value));
  return (
    <ol className="histogram" aria-label={label}>
      {bins.map(({ name, value, muted, to }) => (
        <li key={name} title={`${name}: ${count(value)}`}>
          {to === undefined || value === 0 ? (
            <span className="histogram-count">{value === 0 ? "" : count(value)}</span>
          ) : (
            <Link {...to} className="histogram-count" aria-label={`${name}: ${count(value)}`}>
              {count(value)}
            </Link>
          )}
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
