import type { JSX, ReactNode } from "react";
import "./facts.css";

/** Names and values in two columns. */
export function Facts({
  facts,
}: {
  facts: readonly (readonly [name: string, value: ReactNode] | undefined)[];
}): JSX.Element {
  return (
    <dl className="facts">
      {facts.map((fact) =>
        fact === undefined ? null : (
          <div key={fact[0]}>
            <dt>{fact[0]}</dt>
            <dd>{fact[1]}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
