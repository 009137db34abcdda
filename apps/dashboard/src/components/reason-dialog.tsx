import { type JSX, type ReactNode, useState } from "react";
import { FormDialog } from "./form-dialog.tsx";
import { Field } from "./field.tsx";

interface ReasonDialogProps {
  title: string;
  /** On the button that does it. */
  verb: string;
  danger?: boolean;
  /** A reason must be given. */
  required?: boolean;
  busy: boolean;
  error: unknown;
  /** What will happen, and further fields. */
  children?: ReactNode;
  onClose: () => void;
  onConfirm: (reason: string | undefined) => void;
}

/** Something that wants a reason; Enter does it, Escape leaves it. */
export function ReasonDialog({
  title,
  verb,
  danger = false,
  required = false,
  busy,
  error,
  children,
  onClose,
  onConfirm,
}: ReasonDialogProps): JSX.Element {
  const [reason, setReason] = useState("");
  const submit = (): void => {
    const given = reason.trim();
    if (given !== "" || !required) onConfirm(given === "" ? undefined : given);
  };
  return (
    <FormDialog
      title={title}
      verb={verb}
      danger={danger}
      hint="Enter"
      busy={busy}
      error={error}
      onClose={onClose}
      onSubmit={submit}
    >
      {children}
      <Field
        label={required ? "Why?" : "Why? (may be left out)"}
        help="It stays in the history and in the audit log."
      >
        {(id) => (
          <input
            id={id}
            type="text"
            data-first=""
            required={required}
            maxLength={2_000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
