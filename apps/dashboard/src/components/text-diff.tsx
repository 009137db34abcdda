import { diffWords } from "@agent-learning/react";
import { type JSX, useMemo } from "react";

import "./text-block.css";
import "./text-diff.css";

/** Two texts in one: struck out what went, underlined what came. */
export function TextDiff({ before, after }: { before: string; after: string }): JSX.Element {
  const parts = useMemo(() => diffWords(before, after), [before, after]);
  if (before === "" && after === "") return <p className="text-block faint">Empty</p>;
  return (
    <p className="text-block pre text-diff" dir="auto">
      {parts.map(({ kind, text }, index) =>
        kind === "same" ? (
          <span key={index}>{text}</span>
        ) : kind === "removed" ? (
          <del key={index}>{text}</del>
        ) : (
          <ins key={index}>{text}</ins>
        ),
      )}
    </p>
  );
}
