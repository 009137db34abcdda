import type { FormEvent, JSX, ReactNode } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { ErrorNote } from "./error-note.tsx";

interface FormDialogProps {
  title: string;
  /** On the button that sends the form. */
  verb: string;
  danger?: boolean;
  disabled?: boolean;
  busy: boolean;
  error: unknown;
  /** What leaving it is called. */
  cancel?: string;
  /** Shown on the button: the key that sends the form. */
  hint?: string;
  /** Further actions, before the two. */
  actions?: ReactNode;
  onClose: () => void;
  onSubmit: () => void;
  children: ReactNode;
}

/** A question with fields: Enter sends it, Escape leaves it, and what the server refuses stands below the fields. */
export function FormDialog({
  title,
  verb,
  danger = false,
  disabled = false,
  busy,
  error,
  cancel = "Cancel",
  hint,
  actions,
  onClose,
  onSubmit,
  children,
}: FormDialogProps): JSX.Element {
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {children}
        {error === null || error === undefined ? null : <ErrorNote error={error} />}
        <div className="row dialog-actions">
          {actions}
          <Button onClick={onClose}>{cancel}</Button>
          <Button
            kind={danger ? "danger" : "primary"}
            type="submit"
            hint={hint}
            busy={busy}
            disabled={disabled}
          >
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
