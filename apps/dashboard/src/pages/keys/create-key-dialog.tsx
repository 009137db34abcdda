import { useCreateApiKey } from "@agent-learning/react/query";
import { type JSX, useState } from "react";
import type { ApiKey, Member } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Field } from "../../components/field.tsx";
import { serverNow } from "../../session/server-clock.ts";
import { KEY_KINDS } from "./key-kinds.ts";

interface CreateKeyDialogProps {
  members: readonly Member[];
  onClose: () => void;
}

const DAY = 86_400_000;
const LIFETIMES = [
  ["", "Never"],
  ["30", "In 30 days"],
  ["90", "In 90 days"],
  ["365", "In a year"],
] as const;

/** Makes a key and shows it, the one time that it can be shown. */
export function CreateKeyDialog({ members, onClose }: CreateKeyDialogProps): JSX.Element {
  const create = useCreateApiKey();
  const people = members.filter(({ revokedAt }) => revokedAt === null);
  const [name, setName] = useState("");
  const [kind, setKind] = useState<ApiKey["kind"]>("secret");
  const [userId, setUserId] = useState(people[0]?.userId ?? "");
  const [days, setDays] = useState("");
  const submit = (): void => {
    create.mutate({
      kind,
      name,
      userId: kind === "user" ? userId : undefined,
      expiresAt: days === "" ? undefined : new Date(serverNow() + Number(days) * DAY).toISOString(),
    });
  };
  if (create.data !== undefined) return <ShownOnce apiKey={create.data} onClose={onClose} />;
  return (
    <FormDialog
      title="New key"
      verb="Make it"
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <Field label="Name" help="Where it is used: so that you know what stops when you revoke it.">
        {(id) => (
          <input
            id={id}
            type="text"
            required
            maxLength={255}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label="For">
        {(id) => (
          <select id={id} value={kind} onChange={(event) => setKind(event.target.value as ApiKey["kind"])}>
            {Object.entries(KEY_KINDS).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Field>
      {kind === "user" ? (
        <Field label="Person" help="What is done with the key bears this name and has this person’s role.">
          {(id) => (
            <select id={id} required value={userId} onChange={(event) => setUserId(event.target.value)}>
              {people.map((one) => (
                <option key={one.userId} value={one.userId}>
                  {one.displayName ?? "Unnamed"}, {one.role}
                </option>
              ))}
            </select>
          )}
        </Field>
      ) : null}
      <Field label="Ends">
        {(id) => (
          <select id={id} value={days} onChange={(event) => setDays(event.target.value)}>
            {LIFETIMES.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Field>
    </FormDialog>
  );
}

function ShownOnce({
  apiKey,
  onClose,
}: {
  apiKey: { name: string; key: string };
  onClose: () => void;
}): JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = (): void =>
    void navigator.clipboard.writeText(apiKey.key).then(
      () => setCopied(true),
      () => undefined,
    );
  return (
    <Dialog
      title={`The key ${apiKey.name}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={copy}>{copied ? "Copied" : "Copy it"}</Button>
          <Button kind="primary" onClick={onClose}>
            I have kept it
          </Button>
        </>
      }
    >
      <p>Keep it now: it is shown this one time, and nobody can read it again.</p>
      <Field label="Key">
        {(id) => (
          <input
            id={id}
            type="text"
            readOnly
            className="code"
            value={apiKey.key}
            onFocus={(event) => event.target.select()}
          />
        )}
      </Field>
    </Dialog>
  );
}
