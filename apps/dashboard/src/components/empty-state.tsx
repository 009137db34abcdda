import type { JSX, ReactNode } from "react";
import "./empty-state.css";

/** Nothing here yet: why, and the next step. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }): JSX.Element {
  return (
    <div className="empty-state">
      <p className="strong">{title}</p>
      <div className="soft">{children}</div>
    </div>
  );
}
