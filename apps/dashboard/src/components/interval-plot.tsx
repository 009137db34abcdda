import type { JSX } from "react";
import "./interval-plot.css";

export interface IntervalRow {
  name: string;
  estimate: number;
  lower: number;
  upper: number;
  better: "higher" | "lower";
}

interface IntervalPlotProps {
  label: string;
  rows: readonly IntervalRow[];
  /** A difference as the reader sees it. */
  format: (value: number) => string;
}

/** Better, worse, or not known: what an interval says about its estimate. */
export function readInterval({ lower, upper, better }: IntervalRow): "better" | "worse" | "unclear" {
  if (lower > 0) return better === "higher" ? "better" : "worse";
  if (upper < 0) return better === "higher" ? "worse" : "better";
  return "unclear";
}

const WORDS = { better: "better", worse: "worse", unclear: "not clear" } as const;
const SIGNS = { better: "✓", worse: "✕", unclear: "?" } as const;
const TONES = { better: "good", worse: "bad", unclear: "faint" } as const;

/** Differences with their intervals around zero, on one scale. */
export function IntervalPlot({ label, rows, format }: IntervalPlotProps): JSX.Element {
  const reach =
    Math.max(1e-9, ...rows.flatMap(({ lower, upper }) => [Math.abs(lower), Math.abs(upper)])) * 1.1;
  const at = (value: number): string => `${((value + reach) / (2 * reach)) * 100}%`;
  return (
    <table className="interval-plot" aria-label={label}>
      <tbody>
        {rows.map((row) => {
          const reading = readInterval(row);
          return (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td className="interval-track-cell" aria-hidden="true">
                <div className="interval-track">
                  <span className="interval-zero" style={{ left: at(0) }} />
                  <span
                    className={`interval-bar ${reading}`}
                    style={{
                      left: at(row.lower),
                      width: `${((row.upper - row.lower) / (2 * reach)) * 100}%`,
                    }}
                  />
                  <span className={`interval-dot ${reading}`} style={{ left: at(row.estimate) }} />
                </div>
              </td>
              <td className="interval-numbers">
                <strong>{format(row.estimate)}</strong>{" "}
                <span className="faint small">
                  {format(row.lower)} to {format(row.upper)}
                </span>
              </td>
              <td className={`small ${TONES[reading]}`}>
                <span aria-hidden="true">{SIGNS[reading]} </span>
                {WORDS[reading]}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
