import { useAddMember } from "@agent-learning/react/query";
import { Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { Role } from "../../api/types.ts";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Field } from "../../components/field.tsx";
import { toast } from "../../components/toast.tsx";
import { humanise } from "../../format/words.ts";
import { ROLES } from "./roles.ts";

/** Somebody who annotates, reviews or administers; they sign in with a key that an admin makes for them. */
export function AddMemberDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const add = useAddMember();
  const [displayName, setDisplayName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("annotator");
  const submit = (): void => {
    add.mutate(
      { displayName, email: email === "" ? undefined : email, role },
      {
        onSuccess: () => {
          onClose();
          toast(`${displayName} is a member. Make a key for them to sign in with.`);
        },
      },
    );
  };
  return (
    <FormDialog
      title="Add a member"
      verb="Add"
      busy={add.isPending}
      error={add.error}
      actions={
        <Link to="/keys" className="small">
          API keys
        </Link>
      }
      onClose={onClose}
      onSubmit={submit}
    >
      <Field label="Name">
        {(id) => (
          <input
            id={id}
            type="text"
            required
            maxLength={255}
            value={displayName}
            onChange={(event) => setDisplayName(event.target.value)}
          />
        )}
      </Field>
      <Field label="E-mail" help="May be left out; nothing is sent there.">
        {(id) => (
          <input
            id={id}
            type="email"
            maxLength={320}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label="Role">
        {(id) => (
          <select id={id} value={role} onChange={(event) => setRole(event.target.value as Role)}>
            {Object.entries(ROLES).map(([value, what]) => (
              <option key={value} value={value}>
                {humanise(value)}: {what}
              </option>
            ))}
          </select>
        )}
      </Field>
    </FormDialog>
  );
}
