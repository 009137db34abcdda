import { type JSX, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Button } from "./button.tsx";
import "./dialog.css";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at the end. */
  actions?: ReactNode;
}

/** A modal question, on the browser's own dialog: it traps focus, Escape closes it, focus returns to where it was. */
export function Dialog({ title, onClose, children, actions }: DialogProps): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  // The dialog is off the page before it is closed, and the browser gives the focus back only where it is still there.
  const [opener] = useState(() => document.activeElement);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // The browser would focus the first button, which closes.
    (
      dialog?.querySelector<HTMLElement>("[data-first]") ??
      dialog?.querySelector<HTMLElement>("input, select, textarea")
    )?.focus();
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [opener]);
  return (
    <dialog
      ref={ref}
      className="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="dialog-content">
        <header className="row-apart">
          <h2 id={id}>{title}</h2>
          <Button kind="quiet" onClick={onClose} aria-label="Close">
            ✕
          </Button>
        </header>
        {children}
        {actions === undefined ? null : <footer className="row dialog-actions">{actions}</footer>}
      </div>
    </dialog>
  );
}
