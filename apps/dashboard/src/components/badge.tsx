import type { JSX, ReactNode } from "react";
import type { Tone } from "../format/words.ts";
import "./badge.css";

const SHAPES: Record<Tone, string> = { good: "✓", bad: "✕", warn: "!", accent: "●", neutral: "○" };

/** A state: its word, a shape, and a colour that repeats them. */
export function Badge({ tone, children }: { tone: Tone; children: ReactNode }): JSX.Element {
  return (
    <span className={`badge badge-${tone}`}>
      <span className="badge-shape" aria-hidden="true">
        {SHAPES[tone]}
      </span>
      {children}
    </span>
  );
}
