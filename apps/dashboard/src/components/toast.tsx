import { type JSX, useSyncExternalStore } from "react";
import { Button } from "./button.tsx";
import "./toast.css";

interface Toast {
  id: number;
  text: string;
  tone: "good" | "bad";
  action?: { label: string; run: () => void } | undefined;
}

const SHOWN_MILLISECONDS = 6_000;
const listeners = new Set<() => void>();
let shown: readonly Toast[] = [];
let next = 0;

function change(toasts: readonly Toast[]): void {
  shown = toasts;
  for (const listener of listeners) listener();
}

/** Says what happened at the edge of the page; screen readers hear it. */
export function toast(text: string, options: { tone?: Toast["tone"]; action?: Toast["action"] } = {}): void {
  const id = (next += 1);
  change([...shown.slice(-2), { id, text, tone: options.tone ?? "good", action: options.action }]);
  setTimeout(() => change(shown.filter((one) => one.id !== id)), SHOWN_MILLISECONDS);
}

/** Says what an error says. */
export function toastError(error: unknown): void {
  toast(error instanceof Error ? error.message : "Something unexpected happened.", { tone: "bad" });
}

export function Toasts(): JSX.Element {
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  return (
    <div className="toasts" role="status">
      {toasts.map(({ id, text, tone, action }) => (
        <div key={id} className="toast">
          <span className={tone} aria-hidden="true">
            {tone === "good" ? "✓" : "✕"}
          </span>
          <span className="grow">{text}</span>
          {action === undefined ? null : (
            <Button
              onClick={() => {
                change(shown.filter((one) => one.id !== id));
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
        </div>
      ))}
    </div>
  );
}
