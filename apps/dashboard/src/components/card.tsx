import { type JSX, type ReactNode, useId } from "react";
import "./card.css";

interface CardProps {
  title?: ReactNode;
  /** Beside the title: links and buttons. */
  aside?: ReactNode;
  /** Without inner space, for tables. */
  flush?: boolean;
  children: ReactNode;
}

/** A region of a page with a name. */
export function Card({ title, aside, flush = false, children }: CardProps): JSX.Element {
  const id = useId();
  return (
    <section
      className={flush ? "card card-flush" : "card"}
      aria-labelledby={title === undefined ? undefined : id}
    >
      {title === undefined ? null : (
        <header className="card-header">
          <h2 id={id}>{title}</h2>
          {aside}
        </header>
      )}
      <div className="card-body">{children}</div>
    </section>
  );
}
