import type { JSX } from "react";
import "./text-block.css";

/** Words of a user or a model, as they are: never markup. */
export function TextBlock({ text, empty = "Empty" }: { text: string | null; empty?: string }): JSX.Element {
  return text === null || text === "" ? (
    <p className="text-block faint">{empty}</p>
  ) : (
    <p className="text-block pre" dir="auto">
      {text}
    </p>
  );
}
