"use client";
import { type JSX, useMemo } from "react";
import { diffWords } from "./word-diff.ts";

export interface TextDifferenceProps {
  label: string;
  before: string;
  after: string;
}

const TAGS = { same: "span", added: "ins", removed: "del" } as const;

/** Two texts as one, with what was added underlined and what was removed struck through. Both are shown as text, never as markup. */
export function TextDifference({ label, before, after }: TextDifferenceProps): JSX.Element {
  const parts = useMemo(() => diffWords(before, after), [before, after]);
  return (
    <p className="als-difference" role="group" aria-label={label} dir="auto">
      {parts.map(({ kind, text }, index) => {
        const Tag = TAGS[kind];
        return <Tag key={index}>{text}</Tag>;
      })}
    </p>
  );
}
