import { type JSX, useState } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { ErrorNote } from "./error-note.tsx";
import { Field } from "./field.tsx";

interface ReviewDialogProps {
  title: string;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onDecide: (decision: "approve" | "reject", notes: string | undefined) => void;
}

/** A person's decision with its reason; the server refuses whoever made what is reviewed. */
export function ReviewDialog({ title, busy, error, onClose, onDecide }: ReviewDialogProps): JSX.Element {
  const [notes, setNotes] = useState("");
  const given = notes.trim() === "" ? undefined : notes.trim();
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button kind="danger" busy={busy} onClick={() => onDecide("reject", given)}>
            Reject
          </Button>
          <Button kind="primary" busy={busy} onClick={() => onDecide("approve", given)}>
            Approve
          </Button>
        </>
      }
    >
      <Field label="Notes" help="They stay with the decision and in the audit log.">
        {(id) => (
          <textarea id={id} autoFocus value={notes} onChange={(event) => setNotes(event.target.value)} />
        )}
      </Field>
      {error === null || error === undefined ? null : <ErrorNote error={error} />}
    </Dialog>
  );
}
