import type { JSX, ReactNode } from "react";
import "./interval-plot.css";
import "./estimate-plot.css";

export interface EstimateRow {
  name: string;
  /** Null: it could not be measured, and `note` says why. */
  estimate: number | null;
  interval: readonly [number, number] | null;
  /** What it rests on: n, or the rows behind it. */
  note: ReactNode;
}

interface EstimatePlotProps {
  label: string;
  rows: readonly EstimateRow[];
  /** Both ends of the scale; the axis names them. */
  range: readonly [number, number];
  /** A value that is asked for, drawn through all rows. */
  mark?: { at: number; name: string } | undefined;
  format: (value: number) => string;
}

/** Estimates with their intervals on a scale with fixed ends, the numbers beside the picture. */
export function EstimatePlot({ label, rows, range, mark, format }: EstimatePlotProps): JSX.Element {
  const [low, high] = range;
  const share = (value: number): number => (Math.min(high, Math.max(low, value)) - low) / (high - low);
  const at = (value: number): string => `${share(value) * 100}%`;
  return (
    <table className="interval-plot estimate-plot" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">What</span>
          </th>
          <td className="interval-track-cell" aria-hidden="true">
            <div className={`estimate-axis small faint ${mark === undefined ? "" : "marked"}`}>
              <span>{format(low)}</span>
              {mark === undefined ? null : (
                <span
                  className="estimate-mark-name"
                  style={{ left: `clamp(80px, ${at(mark.at)}, calc(100% - 80px))` }}
                >
                  {mark.name}
                </span>
              )}
              <span>{format(high)}</span>
            </div>
          </td>
          <th scope="col">
            <span className="visually-hidden">Estimate and 95 % interval</span>
          </th>
          <th scope="col">
            <span className="visually-hidden">Rests on</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, estimate, interval, note }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="interval-track-cell" aria-hidden="true">
              <div className="interval-track">
                <span className="estimate-scale" />
                {mark === undefined ? null : <span className="estimate-mark" style={{ left: at(mark.at) }} />}
                {interval === null ? null : (
                  <span
                    className="interval-bar known"
                    style={{
                      left: at(interval[0]),
                      width: `${(share(interval[1]) - share(interval[0])) * 100}%`,
                    }}
                  />
                )}
                {estimate === null ? null : (
                  <span className="interval-dot known" style={{ left: at(estimate) }} />
                )}
              </div>
            </td>
            <td className="interval-numbers">
              {estimate === null ? (
                <span className="faint">Not known</span>
              ) : (
                <>
                  <strong>{format(estimate)}</strong>{" "}
                  {interval === null ? null : (
                    <span className="faint small">
                      {format(interval[0])} to {format(interval[1])}
                    </span>
                  )}
                </>
              )}
            </td>
            <td className="small faint">{note}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
