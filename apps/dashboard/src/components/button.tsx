import type { ButtonHTMLAttributes, JSX, ReactNode } from "react";
import "./button.css";

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "type"> {
  kind?: "primary" | "plain" | "danger" | "quiet";
  type?: "button" | "submit";
  /** The key that does the same, shown beside the label. */
  hint?: string | undefined;
  /** Under way: it cannot be pressed again, and keeps its size. */
  busy?: boolean;
  children: ReactNode;
}

export function Button({
  kind = "plain",
  type = "button",
  hint,
  busy = false,
  disabled = false,
  className = "",
  children,
  ...rest
}: ButtonProps): JSX.Element {
  return (
    <button
      {...rest}
      type={type}
      className={`button button-${kind} ${className}`}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    >
      {children}
      {hint === undefined ? null : <Key name={hint} />}
    </button>
  );
}

/** A key of the keyboard. */
export function Key({ name }: { name: string }): JSX.Element {
  return (
    <kbd className="key" aria-hidden="true">
      {name}
    </kbd>
  );
}
