import type { JSX } from "react";
import { Key } from "../../../../components/button.tsx";
import { Field } from "../../../../components/field.tsx";

/** What an annotator notes beside a judgement; Escape gives the keys back to the page. */
export function NotesField({
  notes,
  onChange,
}: {
  notes: string;
  onChange: (notes: string) => void;
}): JSX.Element {
  return (
    <Field
      label={
        <>
          Notes <Key name="m" />
        </>
      }
    >
      {(_id) => (
        <textarea
          id="notes"
          aria-label="Notes"
          value={notes}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.preventDefault();
            event.currentTarget.blur();
          }}
        />
      )}
    </Field>
  );
}
