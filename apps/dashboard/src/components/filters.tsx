import type { JSX, ReactNode } from "react";
import "./filters.css";

/** Filters of a list, and how many rows it has. */
export function Filters({ children, note }: { children: ReactNode; note?: ReactNode }): JSX.Element {
  return (
    <div className="filters">
      {children}
      <span className="small faint filters-note">{note}</span>
    </div>
  );
}

/** `120 rows`, or `50 rows read so far` while there are more. */
export function RowCount({ rows, more }: { rows: number | undefined; more: boolean }): JSX.Element | null {
  if (rows === undefined) return null;
  return (
    <>
      {more
        ? `${rows.toLocaleString("en")} rows read so far`
        : `${rows.toLocaleString("en")} ${rows === 1 ? "row" : "rows"}`}
    </>
  );
}
