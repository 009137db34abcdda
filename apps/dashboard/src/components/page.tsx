import { type JSX, type ReactNode, useEffect } from "react";
import "./page.css";

interface PageProps {
  /** Name of the page, also in the browser's tab. */
  title: string;
  /** Above the title: where this is. */
  trail?: ReactNode;
  /** The answer to the page's question, in a sentence. */
  lead?: ReactNode;
  /** Beside the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of every page: a sentence first, the picture next, the rows below. */
export function Page({ title, trail, lead, actions, children }: PageProps): JSX.Element {
  useEffect(() => {
    document.title = `${title} · Agent Learning`;
  }, [title]);
  return (
    <div className="page">
      <header className="page-header">
        <div className="page-heading">
          {trail === undefined ? null : <div className="page-trail">{trail}</div>}
          <h1>{title}</h1>
          {lead === undefined ? null : <div className="page-lead">{lead}</div>}
        </div>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
