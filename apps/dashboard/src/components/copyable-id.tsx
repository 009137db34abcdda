import { type JSX, useState } from "react";
import "./copyable-id.css";

const SHOWN_MILLISECONDS = 1_500;

/** An id that a click copies whole; long ones show their end, where UUIDv7 differ. */
export function CopyableId({ id, label = "id" }: { id: string; label?: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const short = id.length > 14 ? `…${id.slice(-8)}` : id;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(id);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MILLISECONDS);
  };
  return (
    <button
      type="button"
      className="copyable-id code"
      title={`${id}. Click to copy.`}
      aria-label={copied ? "Copied" : `Copy ${label} ${short}`}
      onClick={() => void copy().catch(() => undefined)}
    >
      {copied ? "copied" : short}
    </button>
  );
}
