import { useErasePerson, useLearningClient } from "@agent-learning/react/query";
import { type FormEvent, type JSX, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Field } from "../../components/field.tsx";
import { toast } from "../../components/toast.tsx";
import { count } from "../../format/numbers.ts";
import { saveFile } from "../../save-file.ts";

/** A person’s rights: to have everything about them, and to have it gone. */
export function PersonalData(): JSX.Element {
  const client = useLearningClient();
  const [person, setPerson] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [erasing, setErasing] = useState(false);
  const take = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      saveFile(`${person}.jsonl`, await client.blob(`/persons/${encodeURIComponent(person)}/export`));
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title="Personal data">
      <form className="stack" onSubmit={(event) => void take(event)}>
        <Field label="Person" help="The id that your system knows them by, or a member’s UUID.">
          {(id) => (
            <input
              id={id}
              type="text"
              required
              maxLength={255}
              value={person}
              onChange={(event) => setPerson(event.target.value)}
            />
          )}
        </Field>
        {error === undefined ? null : <ErrorNote error={error} />}
        <div className="row">
          <Button type="submit" busy={busy}>
            Save everything about them
          </Button>
          <Button kind="danger" disabled={person.trim() === ""} onClick={() => setErasing(true)}>
            Erase them
          </Button>
        </div>
      </form>
      {erasing ? <EraseDialog person={person} onClose={() => setErasing(false)} /> : null}
    </Card>
  );
}

function EraseDialog({ person, onClose }: { person: string; onClose: () => void }): JSX.Element {
  const erase = useErasePerson();
  const [typed, setTyped] = useState("");
  const submit = (): void => {
    if (typed !== person) return;
    erase.mutate(
      { userId: person },
      {
        onSuccess: ({ erased }) => {
          onClose();
          const rows = Object.values(erased as Record<string, number>).reduce((sum, one) => sum + one, 0);
          toast(`Erased: ${count(rows)} rows.`);
        },
      },
    );
  };
  return (
    <FormDialog
      title="Erase a person"
      verb="Erase for ever"
      danger
      disabled={typed !== person}
      busy={erase.isPending}
      error={erase.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <p>
        What they wrote and every way to recognise them is removed, from examples and datasets as well. Nobody
        can bring it back.
      </p>
      <Field label={<>Type {person} to erase them</>}>
        {(id) => (
          <input
            id={id}
            type="text"
            required
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
