import { type JSX, useState } from "react";
import { FormDialog } from "../../../../components/form-dialog.tsx";
import { Field } from "../../../../components/field.tsx";

/** Why somebody else should judge it: shown to whoever comes next. */
export function DeferDialog({
  onClose,
  onDefer,
}: {
  onClose: () => void;
  onDefer: (reason: string) => void;
}): JSX.Element {
  const [reason, setReason] = useState("");
  const submit = (): void => {
    if (reason.trim() !== "") onDefer(reason.trim());
  };
  return (
    <FormDialog
      title="Pass on to somebody else"
      verb="Pass on"
      busy={false}
      error={null}
      cancel="Keep it"
      onClose={onClose}
      onSubmit={submit}
    >
      <Field label="Why?" help="Whoever comes next reads it. You are not offered this example again.">
        {(id) => (
          <input
            id={id}
            type="text"
            autoFocus
            required
            maxLength={2_000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
